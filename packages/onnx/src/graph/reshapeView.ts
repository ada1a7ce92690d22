import type { Graph } from "./graph.ts";
import { reshapeTensor, transposeTensor } from "./layout.ts";
import { dim, type Shape, sizeOf } from "./shape.ts";
import { expandDims, tensorOrder, type View, viewOf } from "./view.ts";

interface Group {
  readonly from: number[];
  readonly to: number[];
}

/**
 * The smallest runs of dimensions, ones left out, that have the same number of elements before and after.
 * Both shapes must have the same, nonzero size.
 */
function groups(before: Shape, after: Shape): Group[] {
  const found: Group[] = [];
  const wide = (shape: Shape): number[] => [...shape.keys()].filter((d) => shape[d] !== 1);
  const [left, right] = [wide(before), wide(after)];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const group: Group = { from: [dim(left, i)], to: [dim(right, j)] };
    let [a, b] = [dim(before, dim(left, i++)), dim(after, dim(right, j++))];
    while (a !== b) {
      if (a < b) {
        const d = dim(left, i++);
        a *= dim(before, d);
        group.from.push(d);
      } else {
        const d = dim(right, j++);
        b *= dim(after, d);
        group.to.push(d);
      }
    }
    found.push(group);
  }
  return found;
}

/**
 * A reshape as a view where it can be one: a group of dimensions that are all repeated stays repeated, one
 * that is split is split inside the tensor, one that is merged is merged when its dimensions lie side by
 * side. Only a merge of dimensions that do not, or of repeated with real ones, moves data.
 */
export function reshapeView(g: Graph, view: View, shape: Shape): View {
  if (sizeOf(shape) === 0 || sizeOf(view.shape) === 0) throw new Error("internal: reshape of an empty value");
  const parts = groups(view.shape, shape);
  let source = view;
  for (const { from } of parts) {
    const real = from.filter((d) => source.axes[d] !== null);
    if (real.length > 0 && real.length < from.length) source = expandDims(g, source, from);
  }
  const live = parts.filter(({ from }) => source.axes[dim(from, 0)] !== null);
  const adjacent = live.every(({ from }) =>
    from.every((d, k) => source.axes[d] === (source.axes[dim(from, 0)] ?? 0) + k),
  );
  const order = adjacent ? tensorOrder(source) : live.flatMap(({ from }) => from);
  const ordered = adjacent
    ? live.toSorted((a, b) => order.indexOf(dim(a.from, 0)) - order.indexOf(dim(b.from, 0)))
    : live;
  const perm = order.map((d) => source.axes[d] ?? 0);
  const moved = adjacent ? source.tensor : transposeTensor(g, source.tensor, perm);
  const target = ordered.flatMap(({ to }) => to);
  const axes = shape.map((_, d) => (target.includes(d) ? target.indexOf(d) : null));
  const tensor = reshapeTensor(
    g,
    moved,
    target.map((d) => dim(shape, d)),
  );
  if (shape.length === 0) return viewOf(g, tensor, view.dtype, shape);
  return { tensor, dtype: view.dtype, shape, axes };
}
