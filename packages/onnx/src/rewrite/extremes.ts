import type { Graph, Tensor } from "../graph/graph.ts";
import type { Rule } from "./rule.ts";

/** `value`, or NaN where the witness is NaN. */
function orNaN(g: Graph, value: Tensor, witness: Tensor): Tensor {
  const type = { dtype: value.dtype, shape: value.shape };
  const isNaN = g.emit("IsNaN", [witness], { dtype: "bool", shape: value.shape });
  return g.emit("Where", [isNaN, witness, value], type);
}

/**
 * The largest or smallest of elements with a NaN among them is NaN. The runtime loses NaN by its place, so another
 * reduction is the witness: a sum of squares is NaN if and only if one of its terms is. It reads the elements once more and
 * writes next to nothing.
 */
export const extreme: Rule = ({ op, inputs, attributes, type }, { g }) => {
  const [x, axes] = inputs;
  if ((op !== "ReduceMax" && op !== "ReduceMin") || !x || !axes) return undefined;
  if (type.dtype !== "float32" && type.dtype !== "float64") return undefined;
  const found = g.emit(op, inputs, type, attributes);
  return orNaN(g, found, g.emit("ReduceSumSquare", [x, axes], type, attributes));
};

/** The same for windows, by the mean of the squares. */
export const extremeOfWindows: Rule = ({ op, inputs, attributes, type }, { g }) => {
  const [x] = inputs;
  if (op !== "MaxPool" || !x) return undefined;
  const found = g.emit(op, inputs, type, attributes);
  const squares = g.emit("Mul", [x, x], { dtype: x.dtype, shape: x.shape });
  return orNaN(g, found, g.emit("AveragePool", [squares], type, attributes));
};
