import { KernelProgram } from "@steepest/kernels";
import { asDtype } from "../arrays/dtype.ts";
import { LoweringError, UnsupportedDtypeError } from "../arrays/errors.ts";
import { Graph } from "../graph/graph.ts";
import { literal, materialize, type View, viewOf } from "../graph/view.ts";
import { rewrite, type Target } from "../rewrite/rewrite.ts";
import { type Atom, isVar, type Primitive, type Var } from "../trace/jaxpr.ts";
import type { Traced } from "../trace/trace.ts";
import { convertTo } from "./elementwise.ts";
import { lowerEquation } from "./lowerEquation.ts";
import type { ResultType } from "./lowering.ts";
import { type PlacedEquation, type PlacedStage, placeEquations, type ResultOrder } from "./placeEquations.ts";
import {
  type CutCall,
  type CutStage,
  type GraphStage,
  type KernelStage,
  outputsOf,
  type Program,
} from "./program.ts";
import { ProgramConstants } from "./programConstants.ts";
import { SlotTable } from "./slotTable.ts";

/**
 * Turns a traced function into stages that run one after the other: ONNX graphs, and between them the
 * equations that ONNX cannot express. Without such equations it is one graph. `target` is what will run it.
 *
 * With `order`, the function's results after the first `late` ones are complete before a stage begins that only
 * those need, and only the first `kept` are results of the program; `fused` lets that stage be loops where it can be.
 */
export function lower(traced: Traced, target: Target, order?: ResultOrder): Program {
  const { stages, stageOf } = placeEquations(traced.jaxpr, order);
  return new Lowerer(traced, stageOf, target).run(stages, traced.jaxpr.outs.slice(0, order?.kept));
}

class Lowerer {
  readonly #traced: Traced;
  readonly #target: Target;
  readonly #stageOf: ReadonlyMap<Var, number>;
  readonly #slots = new SlotTable();
  readonly #constants = new ProgramConstants();
  /** The last stage that reads a variable; infinity for results. */
  readonly #lastUse = new Map<Var, number>();

  constructor(traced: Traced, stageOf: ReadonlyMap<Var, number>, target: Target) {
    this.#traced = traced;
    this.#target = target;
    this.#stageOf = stageOf;
  }

  run(stages: readonly PlacedStage[], outs: readonly Atom[]): Program {
    const { jaxpr, constants, inputs, outputs } = this.#traced;
    const given = jaxpr.inBinders.slice(constants.length);
    for (const [i, constant] of constants.entries()) {
      const binder = jaxpr.inBinders[i];
      if (binder) this.#constants.arrays.set(binder, constant);
    }
    const inputSlots = given.map((v, i) => this.#slots.of(v, inputs[i]?.path || `input_${i}`));
    for (const [s, { equations }] of stages.entries())
      for (const { equation } of equations)
        for (const x of equation.inputs) if (isVar(x)) this.#lastUse.set(x, s);
    for (const out of outs) if (isVar(out)) this.#lastUse.set(out, Number.POSITIVE_INFINITY);
    // A cut reads slots only: the first graph hands on the constants it needs.
    const cuts = stages.flatMap(({ kind, equations }) => (kind === "cut" ? equations : []));
    for (const x of cuts.flatMap(({ equation }) => equation.inputs))
      if (isVar(x) && this.#constants.arrays.has(x)) this.#slots.of(x, `constant_${x.id}`);

    const outputSlots = new Map<number, number>();
    for (const [i, out] of outs.entries())
      if (isVar(out) && !this.#constants.arrays.has(out))
        outputSlots.set(i, this.#slots.of(out, outputs[i]?.path || `output_${i}`));
    const built = stages.map(({ kind, equations }, s) => {
      if (kind === "cut") return this.#cut(equations);
      return kind === "graph" ? this.#graph(equations, s, outs, outputSlots) : this.#kernels(equations, s);
    });
    return {
      weights: this.#constants.weights,
      slots: this.#slots.all,
      stages: built.filter((stage) => outputsOf(stage).length > 0),
      inputs: inputSlots,
      outputs: outs.map((_, i) => outputSlots.get(i) ?? -1),
      equations: jaxpr.eqns.length,
    };
  }

  #kernels(placed: readonly PlacedEquation[], stage: number): KernelStage {
    const equations = placed.map(({ equation }) => equation);
    const made = new Set(equations.flatMap(({ outBinders }) => outBinders));
    const read = new Set(equations.flatMap((equation) => equation.inputs.filter(isVar)));
    const isConstant = (v: Var): boolean => this.#constants.arrays.has(v);
    const inputs = [...read].filter((v) => !made.has(v) && !isConstant(v));
    const outputs = [...made].filter((v) => (this.#lastUse.get(v) ?? -1) > stage);
    const constants = new Map(
      [...read].flatMap((v) => {
        const array = this.#constants.arrays.get(v);
        return array === undefined ? [] : [[v, array.ref.dataSync()] as const];
      }),
    );
    const slots = (variables: readonly Var[]): number[] =>
      variables.map((v) => this.#slots.of(v, `between_${v.id}`));
    return {
      kind: "kernels",
      kernels: new KernelProgram({ equations, inputs, outputs, constants }),
      inputs: slots(inputs),
      outputs: slots(outputs),
    };
  }

  #cut(equations: readonly PlacedEquation[]): CutStage {
    const calls = equations.map(({ equation, index }): CutCall => {
      const inputs = equation.inputs.map((x) => {
        if (!isVar(x)) throw new Error("internal: a matrix routine on a literal");
        const slot = this.#slots.known(x);
        if (slot === undefined) throw new Error("internal: a matrix routine before its input");
        return slot;
      });
      const outputs = equation.outBinders.map((v, i) =>
        this.#slots.of(v, `${equation.primitive}_${index}_${i}`),
      );
      return { primitive: equation.primitive as Primitive, equation, index, inputs, outputs };
    });
    return { kind: "cut", calls };
  }

  #graph(
    equations: readonly PlacedEquation[],
    stage: number,
    outs: readonly Atom[],
    outputSlots: Map<number, number>,
  ): GraphStage {
    const g = new Graph();
    const env = new Map<Var, View>();
    const checkedIndices = new Map<number, number>();
    const read = (x: Atom): View => this.#read(g, env, x);
    for (const { equation, index } of equations) {
      g.equation = index;
      const results: ResultType[] = equation.outBinders.map(({ aval }) => ({
        shape: aval.shape,
        dtype: asDtype(aval.dtype),
      }));
      try {
        const views = lowerEquation(g, equation, equation.inputs.map(read), results, checkedIndices);
        for (const [i, v] of equation.outBinders.entries()) {
          const view = views[i];
          if (view) env.set(v, view);
        }
      } catch (cause) {
        const site = { text: String(equation), index, total: this.#traced.jaxpr.eqns.length };
        if (cause instanceof UnsupportedDtypeError) throw cause;
        throw new LoweringError(site, cause);
      }
    }
    g.equation = -1;
    const outputs: number[] = [];
    const emit = (slot: number, view: View): void => {
      outputs.push(slot);
      const tensor = materialize(g, view);
      g.output(this.#slots.nameOf(slot), tensor);
    };
    for (const [v, view] of env) {
      const isHere = (this.#stageOf.get(v) ?? -1) === stage;
      if (isHere && (this.#lastUse.get(v) ?? -1) > stage) emit(this.#slots.of(v, `between_${v.id}`), view);
    }
    if (stage === 0) {
      for (const [v, constant] of this.#constants.arrays) {
        const slot = this.#slots.known(v);
        if (slot !== undefined) emit(slot, this.#constants.view(g, constant));
      }
      for (const [i, out] of outs.entries()) {
        if (outputSlots.has(i)) continue;
        const name = this.#traced.outputs[i]?.path || `output_${i}`;
        const slot = this.#slots.add(name, asDtype(out.aval.dtype), out.aval.shape);
        outputSlots.set(i, slot);
        emit(slot, read(out));
      }
    }
    const rewritten = rewrite(g, this.#target);
    const inputs = rewritten.inputs.map(({ input }) => this.#slots.named(input));
    return { kind: "graph", graph: rewritten, inputs, outputs };
  }

  #read(g: Graph, env: Map<Var, View>, x: Atom): View {
    const dtype = asDtype(x.aval.dtype);
    if (!isVar(x)) return literal(g, dtype, convertTo(dtype, Number(x.value)));
    const known = env.get(x);
    if (known !== undefined) return known;
    const constant = this.#constants.arrays.get(x);
    const view = constant
      ? this.#constants.view(g, constant)
      : viewOf(g, this.#slots.input(g, this.#slots.of(x, `between_${x.id}`)), dtype);
    env.set(x, view);
    return view;
  }
}
