import type { Tensor } from "../graph/graph.ts";
import { reshapeTensor } from "../graph/layout.ts";
import { choose, factorsOf, inputsOf, reducesLast, underColumn, without } from "./match.ts";
import type { Rule } from "./rule.ts";

/** x - max(x) over the last dimension: the x. */
function shifted(tensor: Tensor): Tensor | undefined {
  const [x, column] = inputsOf(tensor, "Sub") ?? [];
  const largest = column && underColumn(column);
  return x && largest && reducesLast(largest, "ReduceMax", x) ? x : undefined;
}

/** 1 / sum(u) as a column: the u. */
function normaliser(tensor: Tensor): { readonly u: Tensor; readonly reciprocal: Tensor } | undefined {
  const reciprocal = underColumn(tensor);
  const sum = reciprocal && inputsOf(reciprocal, "Reciprocal")?.[0];
  const u = sum && inputsOf(sum, "ReduceSum")?.[0];
  return u && reducesLast(sum, "ReduceSum", u) ? { u, reciprocal } : undefined;
}

/** exp(x - max x) / sum exp(x - max x) over the last dimension. */
export const softmax: Rule = ({ op, inputs, type }, { g }) => {
  if (op !== "Mul") return undefined;
  const found = choose(inputs, normaliser);
  if (!found || found.other !== found.found.u) return undefined;
  const exponent = inputsOf(found.other, "Exp")?.[0];
  const x = exponent && shifted(exponent);
  return x && g.emit("Softmax", [x], type, { axis: type.shape.length - 1 });
};

/**
 * The gradient of y = u / sum(u) through u = exp(..), as jax-js derives it,
 *
 *   (c / s - sum(c u) / s²) u   =   y (c - sum(c y))
 *
 * which needs y alone, and less of it.
 */
export const softmaxGradient: Rule = ({ op, inputs, type }, { g, make }) => {
  if (op !== "Mul") return undefined;
  const sum = choose(inputs, (t) => inputsOf(t, "Add"));
  if (!sum) return undefined;
  const u = sum.other;
  const scaled = choose(sum.found, (t) => {
    const found = choose(inputsOf(t, "Mul") ?? [], normaliser);
    return found?.found.u === u ? found : undefined;
  });
  const through = scaled && underColumn(scaled.other);
  if (!scaled || !through) return undefined;
  const { tensor: column, found, other: c } = scaled.found;
  const { coefficient, atoms } = factorsOf(through);
  const [inner, ...more] = without(atoms, [found.reciprocal, found.reciprocal]) ?? [];
  if (coefficient !== -1 || inner === undefined || more.length > 0) return undefined;
  const product = inputsOf(inner, "ReduceSum")?.[0];
  const pair = product && inputsOf(product, "Mul");
  if (!product || !reducesLast(inner, "ReduceSum", product) || !pair?.includes(u) || !pair.includes(c))
    return undefined;
  const y = make("Mul", [u, column], type);
  const last = g.int64([type.shape.length - 1]);
  const row = { dtype: type.dtype, shape: type.shape.slice(0, -1) };
  const total = make("ReduceSum", [make("Mul", [c, y], type), last], row, { keepdims: 0 });
  const centred = make("Sub", [c, reshapeTensor(g, total, [...row.shape, 1])], type);
  return make("Mul", [centred, y], type);
};
