import { type Graph, scalarValue, type Tensor } from "../graph/graph.ts";
import { choose, inputsOf, overLast } from "./match.ts";
import type { Rule } from "./rule.ts";

/** index == 0 … n-1, the index a column [.., 1]: the column. */
function oneHotIndex(mask: Tensor): Tensor | undefined {
  const found = choose(inputsOf(mask, "Equal") ?? [], (t) => (countsUp(t) ? t : undefined));
  const { other: index, found: counted } = found ?? {};
  if (!index || !counted || index.dtype !== "int32" || mask.shape.at(-1) !== counted.shape[0])
    return undefined;
  return index.shape.length === mask.shape.length && index.shape.at(-1) === 1 ? index : undefined;
}

/** 0, 1, …, n-1 in one dimension of more than one. */
function countsUp({ constant, shape }: Tensor): boolean {
  if (constant === undefined || shape.length !== 1 || constant.length < 2) return false;
  return Array.from(constant).every((value, i) => value === i);
}

/** The index brought into the range 0 … n-1, and whether it was there. */
function inRange(g: Graph, index: Tensor, size: number): { readonly index: Tensor; readonly inside: Tensor } {
  const like = { dtype: index.dtype, shape: index.shape };
  const atLeast = g.emit("Max", [index, g.scalar(index.dtype, 0)], like);
  const clipped = g.emit("Min", [atLeast, g.scalar(index.dtype, size - 1)], like);
  return { index: clipped, inside: g.emit("Equal", [clipped, index], { dtype: "bool", shape: index.shape }) };
}

/** The larger the row, the more passes over all of it are saved; for short ones they cost less than more operators. */
const LONG = 256;

/** What a sum is over the last dimension of, in one stage or cut in two. */
function summedLast(inputs: readonly Tensor[]): Tensor | undefined {
  const source = overLast(inputs);
  const rows = overLast(inputsOf(source, "ReduceSum") ?? []);
  const whole = inputsOf(rows, "Reshape")?.[0];
  const cut = rows && whole && String(whole.shape.slice(0, -1)) === String(rows.shape.slice(0, -2));
  return cut ? whole : source;
}

const last = (tensor: Tensor): number => tensor.shape.at(-1) ?? 0;

/**
 * sum(where(index == 0 … n-1, x, 0)) over the last dimension is x at the index, 0 where that is out of range: the
 * logit of the target in a cross-entropy.
 */
export const picked: Rule = ({ op, inputs, type }, { g, make }) => {
  const chosen = op === "ReduceSum" && type.dtype === "float32" ? summedLast(inputs) : undefined;
  if (!chosen || last(chosen) < LONG) return undefined;
  const [mask, x, zero] = inputsOf(chosen, "Where") ?? [];
  const column = mask && oneHotIndex(mask);
  if (!column || !x || !zero || scalarValue(zero) !== 0 || String(x.shape) !== String(mask.shape))
    return undefined;
  const { index, inside } = inRange(g, column, last(chosen));
  const like = { dtype: x.dtype, shape: index.shape };
  const found = g.emit("GatherElements", [x, index], like, { axis: x.shape.length - 1 });
  const kept = make("Where", [inside, found, g.scalar("float32", 0)], like);
  return g.emit("Reshape", [kept, g.int64(type.shape)], type);
};

/** where(index == 0 … n-1, c, 0) + x is x with c added at the index: the gradient of the above beside that of logsumexp. */
export const addedOneHot: Rule = ({ op, inputs, type }, { g, make }) => {
  if (op !== "Add" || type.dtype !== "float32" || (type.shape.at(-1) ?? 0) < LONG) return undefined;
  const found = choose(inputs, (t) => oneHotTerm(t));
  if (!found || String(found.other.shape) !== String(type.shape)) return undefined;
  const { column, value } = found.found;
  const { index, inside } = inRange(g, column, type.shape.at(-1) ?? 0);
  const zero = g.scalar("float32", 0);
  const updates = make("Where", [inside, value, zero], { dtype: "float32", shape: index.shape });
  const attributes = { axis: type.shape.length - 1, reduction: "add" };
  return g.emit("ScatterElements", [found.other, index, updates], type, attributes);
};

function oneHotTerm(tensor: Tensor): { readonly column: Tensor; readonly value: Tensor } | undefined {
  const [mask, value, zero] = inputsOf(tensor, "Where") ?? [];
  const column = mask && oneHotIndex(mask);
  if (!column || !value || !zero || scalarValue(zero) !== 0) return undefined;
  const perRow = scalarValue(value) !== undefined || String(value.shape) === String(column.shape);
  return perRow ? { column, value } : undefined;
}
