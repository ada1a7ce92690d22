import type { Graph, Tensor } from "./graph.ts";
import { dim, range, type Shape, sameShape, sizeOf } from "./shape.ts";

/** `tensor` with another shape of the same size. Reshapes of reshapes collapse; the runtime never copies. */
export function reshapeTensor(g: Graph, tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  const source = tensor.node?.op === "Reshape" ? tensor.node.inputs[0] : undefined;
  if (source !== undefined) return reshapeTensor(g, source, shape);
  if (tensor.constant !== undefined) return g.constant(tensor.dtype, shape, tensor.constant);
  return g.emit("Reshape", [tensor, g.int64(shape)], { dtype: tensor.dtype, shape }, { allowzero: 1 });
}

/**
 * Dimension i of the result is dimension `perm[i]` of `tensor`. Dimensions that stay neighbours are moved as
 * one, because the runtime's transpose slows down with rank.
 */
export function transposeTensor(g: Graph, tensor: Tensor, perm: readonly number[]): Tensor {
  if (perm.every((p, i) => p === i)) return tensor;
  const before = tensor.node?.op === "Transpose" ? tensor.node : undefined;
  const inner = before?.attributes.perm;
  const source = before?.inputs[0];
  if (source !== undefined && Array.isArray(inner))
    return transposeTensor(
      g,
      source,
      perm.map((p) => dim(inner as number[], p)),
    );
  const runs: number[][] = [];
  for (const p of perm) {
    const last = runs.at(-1);
    if (last !== undefined && last.at(-1) === p - 1) last.push(p);
    else runs.push([p]);
  }
  const shape = perm.map((p) => dim(tensor.shape, p));
  const inOrder = [...runs].sort((a, b) => dim(a, 0) - dim(b, 0));
  const merged = inOrder.map((run) => sizeOf(run.map((p) => dim(tensor.shape, p))));
  const order = runs.map((run) => inOrder.indexOf(run));
  const moved = g.emit(
    "Transpose",
    [reshapeTensor(g, tensor, merged)],
    { dtype: tensor.dtype, shape: order.map((o) => dim(merged, o)) },
    { perm: order },
  );
  return reshapeTensor(g, moved, shape);
}

/** `tensor[begin[i]:end[i]:step[i]]` along the given dimensions. Step may be negative (end exclusive). */
export function sliceTensor(
  g: Graph,
  tensor: Tensor,
  slices: readonly { axis: number; begin: number; end: number; step?: number }[],
): Tensor {
  const real = slices.filter(
    ({ axis, begin, end, step = 1 }) => begin !== 0 || end !== tensor.shape[axis] || step !== 1,
  );
  if (real.length === 0) return tensor;
  const shape = [...tensor.shape];
  for (const { axis, begin, end, step = 1 } of real) shape[axis] = Math.ceil((end - begin) / step);
  const BEFORE_FIRST = -(2 ** 40); // the exclusive end of a slice that runs down to element 0
  const inputs = [
    real.map((s) => s.begin),
    real.map((s) => (s.end < 0 ? BEFORE_FIRST : s.end)),
    real.map((s) => s.axis),
    real.map((s) => s.step ?? 1),
  ].map((values) => g.int64(values));
  return g.emit("Slice", [tensor, ...inputs], { dtype: tensor.dtype, shape });
}

/** Zeros added before and after each dimension. */
export function padTensor(g: Graph, tensor: Tensor, before: Shape, after: Shape): Tensor {
  if ([...before, ...after].every((n) => n === 0)) return tensor;
  const shape = tensor.shape.map((n, i) => n + dim(before, i) + dim(after, i));
  return g.emit("Pad", [tensor, g.int64([...before, ...after])], { dtype: tensor.dtype, shape });
}

/** Dimensions of size 1 that are missing in the front are added. */
export function alignRank(shape: Shape, rank: number): number[] {
  return [...range(rank - shape.length).map(() => 1), ...shape];
}
