import type { GraphBuilder } from "./graphBuilder.ts";
import { dense, type Layout, squeezed } from "./layout.ts";
import { padded } from "./readJoined.ts";
import { inShape, spread, surrounded } from "./spatial.ts";
import type { Placed } from "./value.ts";

/** As jax-js has them, a number for each dimension that windows move along. */
interface Windows {
  readonly window?: readonly number[];
  readonly strides?: readonly number[];
}

/** Windows of the last dimensions, [..., ...places, ...window]: elements are found again where windows overlap. */
export function windowsOf(
  { shape, strides, offset }: Layout,
  { window = [], strides: every = [] }: Windows,
): Layout {
  const lead = shape.length - window.length;
  const moved = strides.slice(lead);
  const places = window.map((n, i) => Math.ceil(((shape[lead + i] ?? 1) - n + 1) / (every[i] ?? 1)));
  return {
    shape: [...shape.slice(0, lead), ...places, ...window],
    strides: [...strides.slice(0, lead), ...moved.map((stride, i) => stride * (every[i] ?? 1)), ...moved],
    offset,
  };
}

/** The sums of what windows have for each element, in the shape the windows were taken from: the gradient of `windowsOf`. */
export function readWindowSums(
  builder: GraphBuilder,
  value: Placed,
  { window = [], strides = [] }: Windows,
  shape: readonly number[],
): Placed {
  const lead = shape.length - window.length;
  if (window.every((n, i) => n <= (strides[i] ?? 1)))
    return sideBySide(builder, value, { window, strides }, shape);
  const parts = offsetsIn(window).map((at): Placed => {
    const { layout, node } = value;
    const places = layout.shape.slice(0, layout.shape.length - window.length);
    const part: Layout = {
      shape: places,
      strides: layout.strides.slice(0, places.length),
      offset: at.reduce((sum, n, i) => sum + n * (layout.strides[places.length + i] ?? 0), layout.offset),
    };
    const wide = spread(builder, { node, layout: part }, lead, strides);
    const padding = at.map((n, i): [number, number] => [
      n,
      (shape[lead + i] ?? 0) - n - (wide.layout.shape[lead + i] ?? 0),
    ]);
    return surrounded(builder, wide, lead, padding);
  });
  return parts.reduce((sum, part): Placed => {
    const sources = [sum, part].map(({ node, layout }) => ({ node, layout: squeezed(layout) }));
    const node = builder.emit("add", sources, value.node.type);
    return { node, layout: dense(shape) };
  });
}

/** Windows that do not overlap are moved to their places. */
function sideBySide(
  builder: GraphBuilder,
  { node, layout }: Placed,
  { window = [], strides = [] }: Windows,
  shape: readonly number[],
): Placed {
  const lead = shape.length - window.length;
  const order = [
    ...shape.slice(0, lead).keys(),
    ...window.flatMap((_, i) => [lead + i, lead + window.length + i]),
  ];
  const turned: Layout = {
    shape: order.map((i) => layout.shape[i] ?? 1),
    strides: order.map((i) => layout.strides[i] ?? 0),
    offset: layout.offset,
  };
  const gaps = turned.shape.map((n, k): [number, number] => {
    const i = (k - lead - 1) / 2;
    return [0, Number.isInteger(i) && i >= 0 ? (strides[i] ?? 1) - n : 0];
  });
  const whole = turned.shape.map((n, k) => n + (gaps[k]?.[1] ?? 0));
  const wide = gaps.every(([, behind]) => behind === 0)
    ? { node, layout: turned }
    : padded(builder, { node, layout: turned }, gaps, whole);
  const places = window.map((_, i) => (layout.shape[lead + i] ?? 1) * (strides[i] ?? 1));
  const flat = inShape(builder, wide, [...shape.slice(0, lead), ...places]);
  const rest = places.map((n, i): [number, number] => [0, (shape[lead + i] ?? 0) - n]);
  return surrounded(builder, flat, lead, rest);
}

/** All coordinates of a shape. */
function offsetsIn(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, n) => all.flatMap((one) => Array.from({ length: n }, (_, i) => [...one, i])),
    [[]],
  );
}
