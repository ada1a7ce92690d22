import type { Dtype } from "../arrays/dtype.ts";
import type { Graph, Tensor } from "./graph.ts";
import { scalarValue } from "./graph.ts";
import { reshapeTensor, transposeTensor } from "./layout.ts";
import { dim, range, type Shape, sameShape, sizeOf } from "./shape.ts";
import { repeatOverWindows } from "./windows.ts";

/**
 * A jax-js value as the graph holds it: a tensor without dimensions of size 1, seen through a permutation
 * and a broadcast that have not been carried out. `axes[i]` is the dimension of the tensor that is
 * dimension i of the value, or null where the value has size 1 or repeats itself. Every dimension of the
 * tensor is seen exactly once.
 *
 * Transposes, broadcasts and most reshapes only change the view. Operators work in whatever order the
 * tensors have, so data moves only where two orders meet.
 */
export interface View {
  readonly tensor: Tensor;
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly axes: readonly (number | null)[];
}

/** A tensor of any shape as a view of itself. */
export function viewOf(g: Graph, tensor: Tensor, dtype: Dtype, shape: Shape = tensor.shape): View {
  let next = 0;
  const axes = shape.map((n) => (n === 1 ? null : next++));
  const squeezed = reshapeTensor(
    g,
    tensor,
    shape.filter((n) => n !== 1),
  );
  return { tensor: squeezed, dtype, shape, axes };
}

/** One number, repeated over a shape. */
export function literal(g: Graph, dtype: Dtype, value: number, shape: Shape = []): View {
  return { tensor: g.scalar(dtype, value), dtype, shape, axes: shape.map(() => null) };
}

/** The number that a view repeats, if it is one and known while compiling. */
export function literalValue(view: View): number | undefined {
  return view.tensor.shape.length === 0 ? scalarValue(view.tensor) : undefined;
}

/** Dimensions of the value that the tensor really has, in the tensor's order. */
export function tensorOrder(view: View): number[] {
  const order = view.tensor.shape.map(() => -1);
  for (const [i, axis] of view.axes.entries()) if (axis !== null) order[axis] = i;
  return order;
}

/** The view of a tensor whose dimensions are the dimensions `order` of a value of the given shape. */
export function viewInOrder(
  g: Graph,
  tensor: Tensor,
  dtype: Dtype,
  shape: Shape,
  order: readonly number[],
): View {
  const kept = order.filter((d) => dim(shape, d) !== 1);
  const axes = shape.map((_, d) => (kept.includes(d) ? kept.indexOf(d) : null));
  return {
    tensor: reshapeTensor(
      g,
      tensor,
      kept.map((d) => dim(shape, d)),
    ),
    dtype,
    shape,
    axes,
  };
}

/**
 * The tensor with its dimensions in the given order of the value's dimensions, 1 where it has none of them.
 * With `full`, repeated dimensions are written out; else leading ones are left off, as broadcasting allows.
 */
export function arrange(g: Graph, view: View, order: readonly number[], full = false): Tensor {
  const present = order.filter((d) => view.axes[d] !== null);
  const perm = present.map((d) => view.axes[d] ?? 0);
  const moved = transposeTensor(g, view.tensor, perm);
  const shape = order.map((d) => (view.axes[d] === null ? 1 : dim(view.shape, d)));
  if (!full) {
    while (shape[0] === 1) shape.shift();
    return reshapeTensor(g, moved, shape);
  }
  const target = order.map((d) => dim(view.shape, d));
  const aligned = reshapeTensor(g, moved, shape);
  if (sameShape(shape, target)) return aligned;
  return g.emit("Expand", [aligned, g.int64(target)], { dtype: view.tensor.dtype, shape: target });
}

/** The value written out in full: a tensor of exactly the value's shape. */
export function materialize(g: Graph, view: View): Tensor {
  return arrange(g, view, range(view.shape.length), true);
}

/** A view without repetition along the given dimensions: they are written out. */
export function expandDims(g: Graph, view: View, dims: readonly number[]): View {
  const missing = dims.filter((d) => view.axes[d] === null && dim(view.shape, d) !== 1);
  if (missing.length === 0) return view;
  const order = range(view.shape.length).filter((d) => view.axes[d] !== null || missing.includes(d));
  return viewInOrder(g, arrange(g, view, order, true), view.dtype, view.shape, order);
}

/**
 * Brings operands of one shape to tensors that broadcast against each other, in the order of the largest.
 * Returns the tensors, their common shape and the dimensions of the value it stands for.
 */
export function align(g: Graph, views: readonly View[], shape: Shape): Aligned {
  const lined = views.map((view) => broadcastTo(view, shape));
  const largest = lined.reduce((a, b) => (sizeOf(b.tensor.shape) > sizeOf(a.tensor.shape) ? b : a));
  const order = tensorOrder(largest);
  for (const d of range(shape.length)) {
    if (order.includes(d) || lined.every(({ axes }) => axes[d] === null)) continue;
    const before = order.findIndex((other) => other > d);
    order.splice(before === -1 ? order.length : before, 0, d);
  }
  return {
    tensors: lined.map((view) => repeatInnermost(g, arrange(g, view, order), view, order)),
    order,
    tensorShape: order.map((d) => dim(shape, d)),
  };
}

/**
 * Broadcasting along a short innermost dimension is the slowest there is (a loop of 2 for every pixel of a
 * pooling window), so such an operand is written out first, by the operator that enlarges images.
 */
function repeatInnermost(g: Graph, tensor: Tensor, view: View, order: readonly number[]): Tensor {
  const [SHORT, WIDE, FEW] = [8, 64, 2048];
  const last = order.at(-1);
  if (last === undefined || view.axes[last] !== null || tensor.dtype !== "float32") return tensor;
  const times = dim(view.shape, last);
  const n = tensor.shape.at(-2);
  const above = order.at(-3);
  if (above !== undefined && order.length >= 4 && sizeOf(tensor.shape) >= FEW) {
    const windows = view.axes[above] === null && dim(tensor.shape, -4) > 1 && dim(tensor.shape, -2) > 1;
    const image = tensor.shape.filter(
      (_, i) => i !== tensor.shape.length - 1 && i !== tensor.shape.length - 3,
    );
    if (windows) return repeatOverWindows(g, reshapeTensor(g, tensor, image), dim(view.shape, above), times);
  }
  if (n === undefined || n === 1 || n > WIDE || times > SHORT || sizeOf(tensor.shape) < FEW) return tensor;
  const rows = reshapeTensor(g, tensor, [sizeOf(tensor.shape) / n, n]);
  return reshapeTensor(g, repeatOverWindows(g, rows, 1, times), [...tensor.shape.slice(0, -1), times]);
}

export interface Aligned {
  readonly tensors: readonly Tensor[];
  readonly order: readonly number[];
  readonly tensorShape: Shape;
}

/** NumPy broadcasting, as a view. */
export function broadcastTo(view: View, shape: Shape): View {
  if (sameShape(view.shape, shape)) return view;
  const extra = shape.length - view.shape.length;
  const axes = shape.map((_, d) => (d < extra ? null : (view.axes[d - extra] ?? null)));
  return { ...view, shape, axes };
}

/** The view with its dimensions permuted: dimension i is dimension `perm[i]`. */
export function transposeView(view: View, perm: readonly number[]): View {
  return {
    ...view,
    shape: perm.map((p) => dim(view.shape, p)),
    axes: perm.map((p) => view.axes[p] ?? null),
  };
}
