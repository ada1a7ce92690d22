import type { Array as JaxArray } from "@jax-js/jax";
import type { KernelProgram } from "@steepest/kernels";
import type { Dtype } from "../arrays/dtype.ts";
import type { ConstantData, Graph } from "../graph/graph.ts";
import type { Shape } from "../graph/shape.ts";
import type { Equation, Primitive } from "../trace/jaxpr.ts";

/** A place for an array that crosses from one stage to another, comes in or goes out. */
export interface Slot {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: Shape;
}

/** One ONNX graph. Inputs and outputs are slots, in the order of the graph's own lists. */
export interface GraphStage {
  readonly kind: "graph";
  readonly graph: Graph;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Equations without an ONNX counterpart: the graph is cut and they run on LAPACK or jax-js. */
export interface CutStage {
  readonly kind: "cut";
  readonly calls: readonly CutCall[];
}

export interface CutCall {
  readonly primitive: Primitive;
  readonly equation: Equation;
  readonly index: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Elementwise operations and reductions as fused loops, which read and write the memory that they are bound to. */
export interface KernelStage {
  readonly kind: "kernels";
  readonly kernels: KernelProgram;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export type Stage = GraphStage | CutStage | KernelStage;

/** Slots that a stage reads. */
export const inputsOf = (stage: Stage): readonly number[] =>
  stage.kind === "cut" ? stage.calls.flatMap(({ inputs }) => inputs) : stage.inputs;

/** Slots that a stage writes. */
export const outputsOf = (stage: Stage): readonly number[] =>
  stage.kind === "cut" ? stage.calls.flatMap(({ outputs }) => outputs) : stage.outputs;

/** Where a result of the function is found: in a slot, which may be an input's own. */
export interface Program {
  readonly slots: readonly Slot[];
  readonly stages: readonly Stage[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The elements of constants, and the array each came from. */
  readonly weights: ReadonlyMap<ConstantData, JaxArray>;
  /** Number of equations of the jaxpr. */
  readonly equations: number;
}
