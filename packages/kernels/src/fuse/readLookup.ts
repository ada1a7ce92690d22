import { sizeOf } from "../nest/nest.ts";
import type { GraphBuilder } from "./graphBuilder.ts";
import { dense, type Layout, squeezed } from "./layout.ts";
import type { Placed, Value } from "./value.ts";

/** A gather along one axis. `outDim`: where the dimensions of the numbers stand in the result. */
export function lookedUp(
  builder: GraphBuilder,
  [table, indices]: readonly [Value, Value],
  { axis, outDim }: { readonly axis: number; readonly outDim: number },
): Placed {
  const shape = table.layout.shape;
  const [before, behind] = [shape.slice(0, axis), shape.slice(axis + 1)];
  const numbers = indices.layout.shape;
  const made = [...before, ...numbers, ...behind];
  const [groups, count, size] = [sizeOf(before), sizeOf(numbers), sizeOf(behind)];
  const node = builder.add({
    kind: "lookup",
    table: builder.dense(sourceOf(table)),
    indices: builder.dense(sourceOf(indices)),
    loops: { kind: "lookup", groups, entries: shape[axis] ?? 1, count, size },
    shape: made.filter((n) => n !== 1),
    type: table.node.type,
  });
  return { node, layout: moved(dense(made), axis, outDim, numbers.length) };
}

/** Sums of updates along the first axis of `shape`. `outDim`: where the dimensions of the numbers stand in the updates. */
export function scattered(
  builder: GraphBuilder,
  [updates, indices]: readonly [Value, Value],
  { shape, outDim }: { readonly shape: readonly number[]; readonly outDim: number },
): Placed {
  const { type } = updates.node;
  if (type === "bool") throw new Error("internal: sums of bools");
  const numbers = indices.layout.shape;
  const rows = moved(updates.layout, outDim, 0, numbers.length);
  const [entries = 1, ...rest] = shape;
  const node = builder.add({
    kind: "scatter",
    updates: builder.dense(sourceOf({ node: updates.node, layout: rows })),
    indices: builder.dense(sourceOf(indices)),
    loops: { kind: "scatter", entries, count: sizeOf(numbers), size: sizeOf(rest), type },
    shape: shape.filter((n) => n !== 1),
    type,
  });
  return { node, layout: dense(shape) };
}

const sourceOf = ({ node, layout }: Placed): Placed => ({ node, layout: squeezed(layout) });

/** Moves `count` dimensions from one place to another. */
function moved({ shape, strides, offset }: Layout, from: number, to: number, count: number): Layout {
  const move = (list: readonly number[]): number[] => {
    const rest = list.toSpliced(from, count);
    return rest.toSpliced(to, 0, ...list.slice(from, from + count));
  };
  return { shape: move(shape), strides: move(strides), offset };
}
