import { type Graph, scalarValue, type Tensor } from "../graph/graph.ts";
import { choose, inputsOf } from "./match.ts";
import type { Rule } from "./rule.ts";

/** The largest or smallest, or NaN where the witness is NaN: both operators hand a NaN on, and these are cheaper than `Where`. */
function orNaN(g: Graph, value: Tensor, witness: Tensor, op: "Max" | "Min"): Tensor {
  const type = { dtype: value.dtype, shape: value.shape };
  const [opposite, bound] = op === "Max" ? (["Min", -Infinity] as const) : (["Max", Infinity] as const);
  const neutral = g.emit(opposite, [witness, g.scalar(value.dtype, bound)], type);
  return g.emit(op, [value, neutral], type);
}

/**
 * The largest or smallest of elements with a NaN among them is NaN. The runtime loses NaN by its place, so another
 * reduction is the witness: a sum is NaN if one of its terms is, and of terms without signs only then. Squares and their
 * sum take a third of the time of the one operator for both, `ReduceSumSquare`.
 */
export const extreme: Rule = ({ op, inputs, attributes, type }, { g }) => {
  const [x, axes] = inputs;
  if ((op !== "ReduceMax" && op !== "ReduceMin") || !x || !axes) return undefined;
  if (type.dtype !== "float32" && type.dtype !== "float64") return undefined;
  const found = g.emit(op, inputs, type, attributes);
  const witness = g.emit("ReduceSum", [withoutSigns(g, x), axes], type, attributes);
  return orNaN(g, found, witness, op === "ReduceMax" ? "Max" : "Min");
};

/** The same for windows, by a mean. */
export const extremeOfWindows: Rule = ({ op, inputs, attributes, type }, { g }) => {
  const [x] = inputs;
  if (op !== "MaxPool" || !x) return undefined;
  const found = g.emit(op, inputs, type, attributes);
  return orNaN(g, found, g.emit("AveragePool", [withoutSigns(g, x)], type, attributes), "Max");
};

/** The squares, or the elements themselves where none is negative, as after ReLU: ∞ - ∞ does not occur among them. */
const withoutSigns = (g: Graph, x: Tensor): Tensor => (isNonNegative(x) ? x : g.emit("Mul", [x, x], x));

function isNonNegative(tensor: Tensor): boolean {
  const source = inputsOf(tensor, "Reshape")?.[0];
  if (source !== undefined) return isNonNegative(source);
  const atLeast = choose(inputsOf(tensor, "Max") ?? [], scalarValue)?.found;
  return atLeast !== undefined && atLeast >= 0;
}
