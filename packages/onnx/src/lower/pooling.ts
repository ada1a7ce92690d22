import type { Graph, Tensor } from "../graph/graph.ts";
import { padTensor, reshapeTensor, sliceTensor } from "../graph/layout.ts";
import { dim, range, type Shape } from "../graph/shape.ts";
import { arrange, tensorOrder, type View, viewInOrder } from "../graph/view.ts";
import { type Lowering, operand, resultType } from "./lowering.ts";

/** How many windows of k, s apart, fit into n. */
const windows = (n: number, k: number, s: number): number => Math.ceil((n - k + 1) / s);

/** Changes the length of one dimension: cut or padded with zeros at its end. */
function resize(g: Graph, tensor: Tensor, axis: number, length: number): Tensor {
  const extra = length - dim(tensor.shape, axis);
  if (extra <= 0) return sliceTensor(g, tensor, [{ axis, begin: 0, end: length }]);
  const zero = tensor.shape.map(() => 0);
  return padTensor(g, tensor, zero, zero.with(axis, extra));
}

const splitAt = (shape: Shape, axis: number, parts: readonly number[]): number[] =>
  shape.flatMap((n, a) => (a === axis ? parts : [n]));

/** Dimension `axis` becomes two: the window and the place in the window. */
function windowsOf(g: Graph, tensor: Tensor, axis: number, k: number, s: number): Tensor {
  const o = windows(dim(tensor.shape, axis), k, s);
  if (k <= s) {
    const whole = resize(g, tensor, axis, o * s);
    const parts = reshapeTensor(g, whole, splitAt(whole.shape, axis, [o, s]));
    return sliceTensor(g, parts, [{ axis: axis + 1, begin: 0, end: k }]);
  }
  const index = Int32Array.from({ length: o * k }, (_, i) => Math.floor(i / k) * s + (i % k));
  const shape = splitAt(tensor.shape, axis, [o, k]);
  return g.emit(
    "Gather",
    [tensor, g.constant("int32", [o, k], index)],
    { dtype: tensor.dtype, shape },
    { axis },
  );
}

/**
 * The transpose of `windowsOf`: dimensions `axis` and `axis + 1` become one of length n, and elements that
 * several windows share are added up.
 */
function overlapAdd(g: Graph, tensor: Tensor, axis: number, n: number, k: number, s: number): Tensor {
  const o = dim(tensor.shape, axis);
  const zero = tensor.shape.map(() => 0);
  if (k <= s) {
    const spread = padTensor(g, tensor, zero, zero.with(axis + 1, s - k));
    const merged = tensor.shape.flatMap((m, a) => (a === axis ? [o * s] : a === axis + 1 ? [] : [m]));
    return resize(g, reshapeTensor(g, spread, merged), axis, n);
  }
  const terms = range(k).map((place) => {
    const one = sliceTensor(g, tensor, [{ axis: axis + 1, begin: place, end: place + 1 }]);
    const spread = padTensor(g, one, zero, zero.with(axis + 1, s - 1));
    const merged = tensor.shape.flatMap((m, a) => (a === axis ? [o * s] : a === axis + 1 ? [] : [m]));
    const flat = resize(g, reshapeTensor(g, spread, merged), axis, (o - 1) * s + 1);
    const none = merged.map(() => 0);
    const after = n - place - dim(flat.shape, axis);
    return padTensor(g, flat, none.with(axis, place), none.with(axis, after));
  });
  return terms.reduce((a, b) => g.emit("Add", [a, b], { dtype: a.dtype, shape: a.shape }));
}

/**
 * Windows over the last dimensions: `[.., n..]` to `[.., o.., k..]`. The tensor keeps each window beside its
 * place, `[.., o0, k0, o1, k1]`, and the order that jax-js sees is only a view.
 */
export function poolView(g: Graph, x: View, window: Shape, strides: Shape, shape: Shape): View {
  const spatial = window.length;
  const first = x.shape.length - spatial;
  let { tensor } = x;
  const labels: number[] = [];
  for (const d of tensorOrder(x)) {
    const axis = labels.length;
    labels.push(d);
    if (d < first) continue;
    tensor = windowsOf(g, tensor, axis, dim(window, d - first), dim(strides, d - first));
    labels.push(d + spatial);
  }
  return viewInOrder(g, tensor, x.dtype, shape, labels);
}

const pool: Lowering<"pool"> = (site) => {
  const { window, strides } = site.params;
  return [poolView(site.g, operand(site, 0), window, strides, resultType(site).shape)];
};

const poolTranspose: Lowering<"pool_transpose"> = (site) => {
  const { g } = site;
  const { inShape, window, strides } = site.params;
  const x = operand(site, 0);
  const first = inShape.length - window.length;
  const spatial = range(window.length);
  const order = [...range(first), ...spatial.flatMap((j) => [first + j, first + window.length + j])];
  let tensor = arrange(g, x, order, true);
  for (const j of spatial)
    tensor = overlapAdd(g, tensor, first + j, dim(inShape, first + j), dim(window, j), dim(strides, j));
  return [viewInOrder(g, tensor, x.dtype, inShape, range(inShape.length))];
};

export const pooling = { pool, pool_transpose: poolTranspose };
