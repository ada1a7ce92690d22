import type { Graph, Tensor } from "../graph/graph.ts";
import { padTensor, reshapeTensor, sliceTensor } from "../graph/layout.ts";
import { reshapeView } from "../graph/reshapeView.ts";
import { dim, range, type Shape, sizeOf } from "../graph/shape.ts";
import { arrange, materialize, transposeView, type View, viewInOrder, viewOf } from "../graph/view.ts";
import type { Pair } from "../trace/jaxpr.ts";
import { contract } from "./contraction.ts";
import { castView, promoted, zeroProduct } from "./elementwise.ts";
import { type Lowering, type ResultType, resultType } from "./lowering.ts";
import { poolView } from "./pooling.ts";

/** step - 1 zeros between neighbours along each of the last dimensions. */
function dilate(g: Graph, tensor: Tensor, steps: Shape): Tensor {
  const first = tensor.shape.length - steps.length;
  return steps.reduce((x, step, j) => {
    if (step === 1) return x;
    const axis = first + j;
    const n = dim(x.shape, axis);
    const apart = reshapeTensor(
      g,
      x,
      x.shape.flatMap((m, a) => (a === axis ? [m, 1] : [m])),
    );
    const zero = apart.shape.map(() => 0);
    const spread = padTensor(g, apart, zero, zero.with(axis + 1, step - 1));
    const merged = reshapeTensor(g, spread, x.shape.with(axis, n * step));
    return sliceTensor(g, merged, [{ axis, begin: 0, end: (n - 1) * step + 1 }]);
  }, tensor);
}

/** Negative padding cuts. Returns what is left to pad. */
function crop(g: Graph, tensor: Tensor, padding: readonly Pair[]): [Tensor, Pair[]] {
  const first = tensor.shape.length - padding.length;
  const slices = padding.map(([before, after], j) => ({
    axis: first + j,
    begin: Math.max(0, -before),
    end: dim(tensor.shape, first + j) - Math.max(0, -after),
  }));
  const left = padding.map(([a, b]): Pair => [Math.max(0, a), Math.max(0, b)]);
  return [sliceTensor(g, tensor, slices), left];
}

interface Geometry {
  readonly strides: Shape;
  readonly padding: readonly Pair[];
  readonly dilations: Shape;
}

/** The Conv kernel: x [N, groups * C, ..], w [groups * O, C, ..]. float32, one to three dimensions. */
function convKernel(
  g: Graph,
  x: Tensor,
  w: Tensor,
  groups: number,
  geometry: Geometry,
  spatial: Shape,
): Tensor {
  const shape = [dim(x.shape, 0), dim(w.shape, 0), ...spatial];
  const attributes = {
    group: groups,
    strides: geometry.strides,
    dilations: geometry.dilations,
    pads: [0, 1].flatMap((end) => geometry.padding.map((pair) => pair[end] ?? 0)),
    kernel_shape: w.shape.slice(2),
  };
  return g.emit("Conv", [x, w], { dtype: x.dtype, shape }, attributes);
}

/**
 * Any dtype and rank: every window spread out (im2col) and one matrix product.
 * x [V, N, C, ..], w [V, O, C, ..] to [V, N, O, ..].
 */
function convByProduct(g: Graph, x: View, w: View, geometry: Geometry, result: ResultType): View {
  const kernel = w.shape.slice(3);
  const n = kernel.length;
  const padded = padTensor(
    g,
    materialize(g, x),
    [0, 0, 0, ...geometry.padding.map(([a]) => a)],
    [0, 0, 0, ...geometry.padding.map(([, b]) => b)],
  );
  // A dilated kernel is a longer window of which only every d-th place counts.
  const window = kernel.map((k, j) => (k - 1) * dim(geometry.dilations, j) + 1);
  const source = viewOf(g, padded, x.dtype);
  const spatial = window.map((k, j) =>
    Math.ceil((dim(padded.shape, 3 + j) - k + 1) / dim(geometry.strides, j)),
  );
  const pooledShape = [...x.shape.slice(0, 3), ...spatial, ...window];
  const pooled = poolView(g, source, window, geometry.strides, pooledShape);
  const places = sliceTensor(
    g,
    materialize(g, pooled),
    window.map((k, j) => ({ axis: 3 + n + j, begin: 0, end: k, step: dim(geometry.dilations, j) })),
  );
  const [v, batch, channels] = [0, 1, 2].map((i) => dim(x.shape, i)) as [number, number, number];
  const out = dim(w.shape, 1);
  const taken = viewOf(g, places, x.dtype);
  const moved = transposeView(taken, [
    0,
    1,
    ...range(n).map((j) => 3 + j),
    2,
    ...range(n).map((j) => 3 + n + j),
  ]);
  const terms = channels * sizeOf(kernel);
  const rows = reshapeView(g, moved, [v, batch * sizeOf(spatial), 1, terms]);
  const columns = reshapeView(g, w, [v, 1, out, terms]);
  const shape = [v, batch * sizeOf(spatial), out, terms];
  const [a, b] = [rows, columns].map((view) => ({ ...view, shape }));
  if (a === undefined || b === undefined) throw new Error("internal: convolution needs two operands");
  const product = contract(g, a, b, { shape: shape.slice(0, 3), dtype: x.dtype });
  const split = reshapeView(g, product, [v, batch, ...spatial, out]);
  const back = transposeView(split, [0, 1, 2 + n, ...range(n).map((j) => 2 + j)]);
  return reshapeView(g, back, result.shape);
}

const conv: Lowering<"conv"> = (site) => {
  const { g, params } = site;
  const result = resultType(site);
  const lifted = params.vmapDims;
  const [lhs, rhs] = promoted(g, site.inputs, result);
  if (lhs === undefined || rhs === undefined) throw new Error("internal: conv needs two operands");
  const zero = zeroProduct(g, [lhs, rhs], result);
  if (zero) return [zero];
  const shared = range(lifted).map((d) => Math.max(dim(lhs.shape, d), dim(rhs.shape, d)));
  const groups = sizeOf(shared);
  const spatial = result.shape.slice(lifted + 2);
  const collapse = (view: View): View => {
    const wide: View = { ...view, shape: [...shared, ...view.shape.slice(lifted)] };
    return reshapeView(g, wide, [groups, ...view.shape.slice(lifted)]);
  };
  const computed = result.dtype === "float16" ? "float32" : result.dtype;
  const [x, w] = [castView(g, collapse(lhs), computed), castView(g, collapse(rhs), computed)];
  const [n, c] = [dim(x.shape, 1), dim(x.shape, 2)];
  const o = dim(w.shape, 1);
  const image = x.shape.slice(3);
  // [groups, N, C, ..] to [N, groups * C, ..], the layout of a grouped Conv
  const stacked = arrange(g, x, [1, 0, 2, ...image.map((_, j) => 3 + j)], true);
  const flat = dilate(g, reshapeTensor(g, stacked, [n, groups * c, ...image]), params.lhsDilation);
  const [input, padding] = crop(g, flat, params.padding);
  const geometry: Geometry = { strides: params.strides, padding, dilations: params.rhsDilation };
  const direct = computed === "float32" && image.length >= 1 && image.length <= 3;
  if (!direct) {
    const shape = [n, groups, c, ...input.shape.slice(2)];
    const apart = transposeView(viewOf(g, reshapeTensor(g, input, shape), computed), [
      1,
      0,
      2,
      ...image.map((_, j) => 3 + j),
    ]);
    return [castView(g, convByProduct(g, apart, w, geometry, { ...result, dtype: computed }), result.dtype)];
  }
  const kernel = reshapeTensor(g, materialize(g, w), [groups * o, c, ...w.shape.slice(3)]);
  const output = convKernel(g, input, kernel, groups, geometry, spatial);
  const order = [1, 0, 2, ...spatial.map((_, j) => 3 + j)];
  const view = viewInOrder(g, output, computed, [groups, n, o, ...spatial], order);
  return [castView(g, reshapeView(g, view, result.shape), result.dtype)];
};

export const convolution = { conv };
