import type { Dtype } from "../arrays/dtype.ts";
import type { Graph } from "../graph/graph.ts";
import { sizeOf } from "../graph/shape.ts";
import { literal, type View } from "../graph/view.ts";
import type { Equation, Primitive } from "../trace/jaxpr.ts";
import { castView } from "./elementwise.ts";
import type { ResultType } from "./lowering.ts";
import { EMPTY } from "./reduction.ts";
import { CUT, loweringOf } from "./table.ts";

/** Results without elements need no kernel, and what is computed from no elements is a number. */
export function lowerEquation(
  g: Graph,
  equation: Equation,
  inputs: readonly View[],
  results: readonly ResultType[],
  checkedIndices: Map<number, number>,
): readonly View[] {
  const empty = (shape: readonly number[]): boolean => sizeOf(shape) === 0;
  if (results.every(({ shape }) => empty(shape)))
    return results.map(({ dtype, shape }) => literal(g, dtype, 0, shape));
  const primitive = equation.primitive as Primitive;
  const joins = primitive === "concatenate" || primitive === "split";
  if (inputs.some(({ shape }) => empty(shape)) && !joins) {
    const reducer = equation.params.op as keyof typeof EMPTY;
    const value = (dtype: Dtype): number => (primitive === "reduce" ? EMPTY[reducer](dtype) : 0);
    return results.map(({ dtype, shape }) => repeated(g, dtype, value(dtype), shape));
  }
  const lowering = loweringOf(primitive);
  if (lowering === CUT) throw new Error("internal: a cut inside a graph");
  const weak = equation.inputs.map(({ aval }) => aval.weakType);
  const views = lowering({ g, inputs, params: equation.params, results, weak, checkedIndices });
  return views.map((view, i) => {
    const { shape, dtype } = results[i] as ResultType;
    // jax-js's gradient of a product states the type of the result where it means that of an operand.
    return empty(shape) ? literal(g, dtype, 0, shape) : castView(g, view, dtype);
  });
}

/** A number that, as in jax-js, is none that is known: a known 0 is multiplied with nothing. */
function repeated(g: Graph, dtype: Dtype, value: number, shape: readonly number[]): View {
  const known = literal(g, dtype, value, shape);
  if (value !== 0) return known;
  const { tensor } = known;
  return { ...known, tensor: g.emit("Identity", [tensor], { dtype: tensor.dtype, shape: [] }) };
}
