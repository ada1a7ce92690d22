import type { ElementType, Operation, Reducer } from "../nest/nest.ts";
import type { Layout } from "./layout.ts";

/** Elements of a node, found by a layout. Its shape is that of what reads it, without dimensions of one element. */
export interface Source {
  readonly node: Node;
  readonly layout: Layout;
}

interface Base {
  /** Without dimensions of one element. */
  readonly shape: readonly number[];
  readonly type: ElementType;
}

/** An array that is given. */
export interface InputNode extends Base {
  readonly kind: "input";
  readonly position: number;
}

/** An array whose elements are known. */
export interface ConstantNode extends Base {
  readonly kind: "constant";
  readonly elements: ArrayLike<number>;
}

/** One number in every place. */
export interface NumberNode extends Base {
  readonly kind: "number";
  readonly value: number;
}

export interface ElementwiseNode extends Base {
  readonly kind: "elementwise";
  readonly operation: Operation;
  readonly operands: readonly Source[];
}

/** A reduction over neighbouring dimensions that are the last ones or the ones before the last. */
export interface ReduceNode extends Base {
  readonly kind: "reduce";
  readonly reducer: Reducer;
  readonly operand: ElementwiseNode;
  /** Which dimensions of the operand it goes over. */
  readonly over: readonly boolean[];
}

export type Node = InputNode | ConstantNode | NumberNode | ElementwiseNode | ReduceNode;

/** A node that is computed. */
export type ComputedNode = ElementwiseNode | ReduceNode;

export const isComputed = (node: Node): node is ComputedNode =>
  node.kind === "elementwise" || node.kind === "reduce";
