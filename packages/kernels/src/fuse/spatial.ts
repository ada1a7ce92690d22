import type { GraphBuilder } from "./graphBuilder.ts";
import { dense, type Layout, reshaped, squeezed } from "./layout.ts";
import { padded } from "./readJoined.ts";
import type { Placed } from "./value.ts";

/** The same elements in another shape, copied where no layout has them. */
export function inShape(builder: GraphBuilder, value: Placed, shape: readonly number[]): Placed {
  const layout = reshaped(value.layout, shape);
  if (layout !== undefined) return { node: value.node, layout };
  const copy = builder.copy({ node: value.node, layout: squeezed(value.layout) });
  return { node: copy, layout: reshaped(dense(value.layout.shape), shape) ?? fail() };
}

/** Zeros between the elements of dimensions from `from` on. */
export function spread(
  builder: GraphBuilder,
  value: Placed,
  from: number,
  dilation: readonly number[],
): Placed {
  return dilation.reduce((so, every, i): Placed => {
    const at = from + i;
    const { shape, strides, offset } = so.layout;
    const length = shape[at] ?? 0;
    if (every === 1 || length <= 1) return so;
    const split: Layout = {
      shape: [...shape.slice(0, at + 1), 1, ...shape.slice(at + 1)],
      strides: [...strides.slice(0, at + 1), 0, ...strides.slice(at + 1)],
      offset,
    };
    const wide = split.shape.with(at + 1, every);
    const width = wide.map((_, k): [number, number] => [0, k === at + 1 ? every - 1 : 0]);
    const zeros = padded(builder, { node: so.node, layout: split }, width, wide);
    const joined = reshaped(zeros.layout, shape.with(at, length * every)) ?? fail();
    return { node: zeros.node, layout: { ...joined, shape: shape.with(at, (length - 1) * every + 1) } };
  }, value);
}

/** Zeros around dimensions from `from` on; where the padding is negative, elements are left out. */
export function surrounded(
  builder: GraphBuilder,
  { node, layout }: Placed,
  from: number,
  padding: readonly (readonly [number, number])[],
): Placed {
  const pairs = layout.shape.map((_, i) => padding[i - from] ?? ([0, 0] as const));
  const cut: Layout = {
    shape: layout.shape.map((n, i) => n + Math.min(0, pairs[i]?.[0] ?? 0) + Math.min(0, pairs[i]?.[1] ?? 0)),
    strides: layout.strides,
    offset: pairs.reduce(
      (sum, [before], i) => sum + Math.max(0, -before) * (layout.strides[i] ?? 0),
      layout.offset,
    ),
  };
  const width = pairs.map(([before, behind]): [number, number] => [Math.max(0, before), Math.max(0, behind)]);
  if (width.every(([before, behind]) => before === 0 && behind === 0)) return { node, layout: cut };
  const shape = cut.shape.map((n, i) => n + (width[i]?.[0] ?? 0) + (width[i]?.[1] ?? 0));
  return padded(builder, { node, layout: cut }, width, shape);
}

function fail(): never {
  throw new Error("internal: a dense array that cannot be reshaped");
}
