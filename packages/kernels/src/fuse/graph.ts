import { type ElementType, type Reducer, sizeOf } from "../nest/nest.ts";
import { elementTypeOf, promoted } from "./elementType.ts";
import { folded } from "./folded.ts";
import { type Atom, type Equation, type Fragment, isVar, type Var } from "./jaxpr.ts";
import { broadcastTo, dense, isDense, type Layout, reshaped, squeezed } from "./layout.ts";
import { moveLayout } from "./moveLayout.ts";
import type { ComputedNode, ElementwiseNode, Node, Source } from "./node.ts";
import { BINARIES, combinationOf, comparisonOf, MOVES, reducerOf, refusal, UNARIES } from "./support.ts";

/** A value of the jaxpr: elements of a node, in the value's own shape. */
interface Value {
  readonly node: Node;
  readonly layout: Layout;
  readonly weak: boolean;
}

/** The data flow of a fragment. */
export interface Graph {
  /** What is computed, operands first. */
  readonly nodes: readonly ComputedNode[];
  /** Computed nodes whose elements, in their order, are the fragment's results. */
  readonly outputs: readonly ComputedNode[];
}

/** The least and the largest number a type has, for reductions of nothing. */
const EXTREMES = {
  float32: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  bool: [0, 1],
} as const;

/** Throws where an equation cannot become loops. */
export function readGraph(fragment: Fragment): Graph {
  return new Reader(fragment).graph(fragment);
}

class Reader {
  readonly #values = new Map<Var, Value>();
  readonly #nodes: ComputedNode[] = [];

  constructor({ inputs, constants }: Fragment) {
    for (const [position, v] of inputs.entries())
      this.#define(v, { kind: "input", position, ...this.#base(v.aval) });
    for (const [v, elements] of constants) {
      const first = elements[0] ?? 0;
      const same = Array.prototype.every.call(elements, (x: number) => Object.is(x, first));
      const base = this.#base(v.aval);
      this.#define(
        v,
        same ? { kind: "number", value: first, ...base } : { kind: "constant", elements, ...base },
      );
    }
  }

  graph({ equations, outputs }: Fragment): Graph {
    for (const equation of equations) this.#read(equation);
    const taken = new Set<ComputedNode>();
    return {
      outputs: outputs.map((atom) => {
        const { node, layout } = this.#value(atom);
        const whole = isDense(layout) && sizeOf(layout.shape) === sizeOf(node.shape);
        const own = (node.kind === "elementwise" || node.kind === "reduce") && whole && !taken.has(node);
        const result = own ? node : this.#copy({ node, layout: squeezed(layout) });
        taken.add(result);
        return result;
      }),
      nodes: this.#nodes,
    };
  }

  #base({ shape, dtype }: Atom["aval"]): { shape: number[]; type: ElementType } {
    const type = elementTypeOf(dtype);
    if (type === undefined) throw new Error(`internal: loops have no ${dtype}`);
    return { shape: shape.filter((n) => n !== 1), type };
  }

  #define(v: Var, node: Node): void {
    this.#values.set(v, { node, layout: dense(v.aval.shape), weak: v.aval.weakType });
  }

  #value(atom: Atom): Value {
    if (isVar(atom)) {
      const found = this.#values.get(atom);
      if (found === undefined) throw new Error("internal: a variable before its equation");
      return found;
    }
    const base = this.#base(atom.aval);
    const node: Node = { kind: "number", value: Number(atom.value), ...base };
    return { node, layout: dense(atom.aval.shape), weak: atom.aval.weakType };
  }

  #read(equation: Equation): void {
    const reason = refusal(equation);
    if (reason !== undefined) throw new Error(`internal: ${reason}`);
    const [result] = equation.outBinders;
    if (result === undefined) throw new Error("internal: an equation without result");
    const name: string = equation.primitive;
    const { shape } = result.aval;
    const { type } = this.#base(result.aval);
    const values = equation.inputs.map((atom) => this.#value(atom));
    const [first] = values;
    if (first === undefined) throw new Error("internal: an equation without operands");
    if (sizeOf(shape) === 0) {
      this.#define(result, { kind: "number", value: 0, ...this.#base(result.aval) });
    } else if (MOVES.some((move) => move === name)) {
      this.#values.set(result, { ...this.#move(name, first, equation.params), weak: result.aval.weakType });
    } else if (name === "reduce") {
      const reducer = reducerOf(equation.params.op);
      if (reducer === undefined) throw new Error("internal: an unknown reduction");
      const reduced = this.#reduce(first, reducer, equation.params.axis, shape);
      this.#values.set(result, { ...reduced, weak: result.aval.weakType });
    } else {
      const same = this.#folded(name, values, result.aval);
      if (same === undefined) this.#define(result, this.#elementwise(equation, values, shape, type));
      else this.#values.set(result, { ...same, weak: result.aval.weakType });
    }
  }

  #move(primitive: string, { node, layout }: Value, params: Equation["params"]): Omit<Value, "weak"> {
    const moved = moveLayout(primitive, layout, params);
    if (moved !== undefined) return { node, layout: moved };
    const copy = this.#copy({ node, layout: squeezed(layout) });
    const again = reshaped(dense(layout.shape), params.shape);
    if (again === undefined) throw new Error("internal: a dense array that cannot be reshaped");
    return { node: copy, layout: again };
  }

  /** The value of an equation that takes no computation; undefined where it takes some. */
  #folded(name: string, values: readonly Value[], aval: Atom["aval"]): Omit<Value, "weak"> | undefined {
    const base = this.#base(aval);
    const operation = UNARIES[name] ?? BINARIES[name];
    if (operation === undefined || base.type !== "float32") return undefined;
    const found = folded(
      operation,
      values.map(({ node }) => (node.kind === "number" ? node.value : undefined)),
    );
    if (found === undefined) return undefined;
    if ("value" in found) return { node: { kind: "number", ...found, ...base }, layout: dense(aval.shape) };
    const other = values[found.operand];
    if (other?.node.type !== base.type) return undefined;
    return { node: other.node, layout: broadcastTo(other.layout, aval.shape) };
  }

  #elementwise(
    { primitive, params }: Equation,
    values: readonly Value[],
    shape: readonly number[],
    type: ElementType,
  ): ElementwiseNode {
    const name: string = primitive;
    const sources = values.map(({ node, layout }) => ({
      node,
      layout: squeezed(broadcastTo(layout, shape)),
    }));
    const as = (wanted: ElementType, list: readonly Source[]): Source[] =>
      list.map((source) => this.#cast(source, wanted));
    const operation = UNARIES[name] ?? BINARIES[name] ?? comparisonOf(params.op) ?? combinationOf(params.op);
    if (name === "where") {
      const [condition, ...rest] = sources;
      if (condition === undefined) throw new Error("internal: a choice without condition");
      return this.#emit("where", [...as("bool", [condition]), ...as(type, rest)], type);
    }
    if (operation === undefined) throw new Error(`internal: no operation for ${name}`);
    if (name in UNARIES) return this.#emit(operation, sources, type);
    if (name !== "compare") return this.#emit(operation, as(type, sources), type);
    const [a, b] = values.map(({ node, weak }) => ({ type: node.type, weak }));
    if (a === undefined || b === undefined) throw new Error("internal: a comparison of one operand");
    return this.#emit(operation, as(promoted(a, b), sources), "bool");
  }

  #cast(source: Source, type: ElementType): Source {
    const { node, layout } = source;
    if (node.type === type) return source;
    if (node.kind === "number" && type === "float32") return { node: { ...node, type }, layout };
    const cast = this.#emit("cast", [source], type);
    return { node: cast, layout: dense(cast.shape) };
  }

  #emit(
    operation: ElementwiseNode["operation"],
    operands: readonly Source[],
    type: ElementType,
  ): ElementwiseNode {
    const shape = operands[0]?.layout.shape ?? [];
    const node: ElementwiseNode = { kind: "elementwise", operation, operands, shape, type };
    this.#nodes.push(node);
    return node;
  }

  #copy(source: Source): ElementwiseNode {
    return this.#emit("copy", [source], source.node.type);
  }

  /** Dimensions that are not neighbours are reduced one group after the other, the last first. */
  #reduce(
    { node, layout }: Value,
    reducer: Reducer,
    axes: readonly number[],
    shape: readonly number[],
  ): Omit<Value, "weak"> {
    const { type } = node;
    if (sizeOf(layout.shape) === 0) {
      const [least, largest] = EXTREMES[type];
      const value = { Add: 0, Mul: 1, Min: largest, Max: least }[reducer];
      const nothing: Node = { kind: "number", value, type, shape: shape.filter((n) => n !== 1) };
      return { node: nothing, layout: dense(shape) };
    }
    let over = layout.shape.flatMap((n, i) => (n === 1 ? [] : [axes.includes(i)]));
    let source: Source = { node, layout: squeezed(layout) };
    while (over.includes(true)) {
      const last = over.lastIndexOf(true);
      const before = over.lastIndexOf(false, last);
      const now = over.map((_, i) => i > before && i <= last);
      const operand = this.#operandOf(source);
      const kept = operand.shape.filter((_, i) => !now[i]);
      const reduced: ComputedNode = { kind: "reduce", reducer, operand, over: now, shape: kept, type };
      this.#nodes.push(reduced);
      source = { node: reduced, layout: dense(kept) };
      over = over.filter((_, i) => !now[i]);
    }
    const back = reshaped(source.layout, shape);
    if (back !== undefined) return { node: source.node, layout: back };
    const copy = this.#copy(source);
    return { node: copy, layout: dense(shape) };
  }

  #operandOf(source: Source): ElementwiseNode {
    const { node, layout } = source;
    const same = isDense(layout) && String(layout.shape) === String(node.shape);
    return node.kind === "elementwise" && same ? node : this.#copy(source);
  }
}
