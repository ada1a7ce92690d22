import { type ElementType, sizeOf } from "../nest/nest.ts";
import { elementTypeOf, promoted } from "./elementType.ts";
import { folded } from "./folded.ts";
import { GraphBuilder } from "./graphBuilder.ts";
import { type Atom, type Equation, type Fragment, isVar, type Var } from "./jaxpr.ts";
import { broadcastTo, dense, isDense, reshaped, squeezed } from "./layout.ts";
import { moveLayout, partOfSplit } from "./moveLayout.ts";
import { type ComputedNode, type ElementwiseNode, isComputed, type Node, type Source } from "./node.ts";
import { readConvolution } from "./readConvolution.ts";
import { concatenated, padded } from "./readJoined.ts";
import { lookedUp, scattered } from "./readLookup.ts";
import { readWindowSums, windowsOf } from "./readPooling.ts";
import { readProduct } from "./readProduct.ts";
import { BINARIES, combinationOf, comparisonOf, MOVES, reducerOf, UNARIES, unsupported } from "./support.ts";
import type { Placed, Value } from "./value.ts";

/** The data flow of a fragment. */
export interface Graph {
  /** What is computed, operands first. */
  readonly nodes: readonly ComputedNode[];
  /** Computed nodes whose elements, in their order, are the fragment's results. */
  readonly outputs: readonly ComputedNode[];
}

/** Throws where an equation cannot become loops. */
export function readGraph(fragment: Fragment): Graph {
  return new Reader(fragment).graph(fragment);
}

class Reader {
  readonly #values = new Map<Var, Value>();
  readonly #builder = new GraphBuilder();

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
        const own = isComputed(node) && whole && !taken.has(node);
        const result = own ? node : this.#builder.copy({ node, layout: squeezed(layout) });
        taken.add(result);
        return result;
      }),
      nodes: this.#builder.nodes,
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
    const reason = unsupported(equation);
    if (reason !== undefined) throw new Error(`internal: ${reason}`);
    const values = equation.inputs.map((atom) => this.#value(atom));
    for (const [i, result] of equation.outBinders.entries()) {
      const base = this.#base(result.aval);
      if (sizeOf(result.aval.shape) === 0) this.#define(result, { kind: "number", value: 0, ...base });
      else
        this.#values.set(result, {
          ...this.#placed(equation, values, result.aval, i),
          weak: result.aval.weakType,
        });
    }
  }

  /** Result `position` of an equation. */
  #placed(equation: Equation, values: readonly Value[], aval: Atom["aval"], position: number): Placed {
    const { params } = equation;
    const name: string = equation.primitive;
    const { shape } = aval;
    const { type } = this.#base(aval);
    const [first = fail(), second = first] = values;
    const pair = [first, second] as const;
    if (MOVES.some((move) => move === name)) return this.#move(name, first, params);
    const multiply = (a: Value, b: Value, whole: readonly number[]): Placed => ({
      node: this.#elementwise("mul", params, [a, b], whole, type),
      layout: dense(whole),
    });
    switch (name) {
      case "reduce":
        return this.#builder.reduce(first, reducerOf(params.op) ?? fail(), params.axis, shape);
      case "dot":
        return readProduct(this.#builder, pair, shape, multiply);
      case "conv":
        return readConvolution(this.#builder, pair, params, shape, multiply);
      case "pool":
        return { node: first.node, layout: windowsOf(first.layout, params) };
      case "pool_transpose":
        return readWindowSums(this.#builder, first, params, shape);
      case "split":
        return this.#move("shrink", first, { slice: partOfSplit(shape, params, position) });
      case "concatenate":
        return concatenated(this.#builder, values, params.axis, shape, type);
      case "pad":
        return padded(this.#builder, first, params.width, shape);
      case "gather":
        return lookedUp(this.#builder, pair, { axis: params.axis[0], outDim: params.outDim });
      case "scatter":
        return scattered(this.#builder, pair, { shape, outDim: params.outDim });
    }
    return (
      this.#folded(name, values, aval) ?? {
        node: this.#elementwise(name, params, values, shape, type),
        layout: dense(shape),
      }
    );
  }

  #move(primitive: string, { node, layout }: Placed, params: Equation["params"]): Placed {
    const moved = moveLayout(primitive, layout, params);
    if (moved !== undefined) return { node, layout: moved };
    const copy = this.#builder.copy({ node, layout: squeezed(layout) });
    const again = reshaped(dense(layout.shape), params.shape);
    if (again === undefined) throw new Error("internal: a dense array that cannot be reshaped");
    return { node: copy, layout: again };
  }

  /** The value of an equation that takes no computation; undefined where it takes some. */
  #folded(name: string, values: readonly Value[], aval: Atom["aval"]): Placed | undefined {
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
    name: string,
    params: Equation["params"],
    values: readonly Value[],
    shape: readonly number[],
    type: ElementType,
  ): ElementwiseNode {
    const sources = values.map(({ node, layout }) => ({
      node,
      layout: squeezed(broadcastTo(layout, shape)),
    }));
    const as = (wanted: ElementType, list: readonly Source[]): Source[] =>
      list.map((source) => this.#builder.cast(source, wanted));
    const operation = UNARIES[name] ?? BINARIES[name] ?? comparisonOf(params.op) ?? combinationOf(params.op);
    if (name === "where") {
      const [condition, ...rest] = sources;
      if (condition === undefined) throw new Error("internal: a choice without condition");
      return this.#builder.emit("where", [...as("bool", [condition]), ...as(type, rest)], type);
    }
    if (operation === undefined) throw new Error(`internal: no operation for ${name}`);
    if (name in UNARIES) return this.#builder.emit(operation, sources, type);
    if (name !== "compare") return this.#builder.emit(operation, as(type, sources), type);
    const [a, b] = values.map(({ node, weak }) => ({ type: node.type, weak }));
    if (a === undefined || b === undefined) throw new Error("internal: a comparison of one operand");
    return this.#builder.emit(operation, as(promoted(a, b), sources), "bool");
  }
}

function fail(): never {
  throw new Error("internal: an equation without its operands");
}
