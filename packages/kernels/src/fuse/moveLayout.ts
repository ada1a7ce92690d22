import { dense, type Layout, reshaped } from "./layout.ts";

type Pair = readonly [number, number];

/** Parameters of the primitives that only move, as jax-js has them. */
interface MoveParams {
  readonly shape?: readonly number[];
  readonly axis?: readonly number[];
  readonly perm?: readonly number[];
  readonly slice?: readonly Pair[];
}

/** Where a moving primitive's result is found in its operand's array; undefined where only a copy can tell. */
export function moveLayout(
  primitive: string,
  layout: Layout,
  { shape = [], axis = [], perm = [], slice = [] }: MoveParams,
): Layout | undefined {
  const { strides, offset } = layout;
  switch (primitive) {
    case "reshape":
      return reshaped(layout, shape);
    case "broadcast": {
      const rest = layout.shape.keys();
      const sources = shape.map((_, i) => (axis.includes(i) ? undefined : rest.next().value));
      const stride = (at: number | undefined, i: number): number =>
        at === undefined || layout.shape[at] !== shape[i] ? 0 : (strides[at] ?? 0);
      return { shape, strides: sources.map(stride), offset };
    }
    case "transpose":
      return {
        shape: perm.map((i) => layout.shape[i] ?? 1),
        strides: perm.map((i) => strides[i] ?? 0),
        offset,
      };
    case "shrink":
      return {
        shape: slice.map(([from, to]) => to - from),
        strides,
        offset: slice.reduce((sum, [from], i) => sum + from * (strides[i] ?? 0), offset),
      };
    case "flip":
      return {
        shape: layout.shape,
        strides: strides.map((stride, i) => (axis.includes(i) ? -stride : stride)),
        offset: axis.reduce((sum, i) => sum + ((layout.shape[i] ?? 1) - 1) * (strides[i] ?? 0), offset),
      };
    default:
      return dense(layout.shape);
  }
}

/** Where part `position` of a split lies, whose shape is given: from and to in each dimension. */
export function partOfSplit(
  shape: readonly number[],
  { axis = 0, sizes = [] }: { readonly axis?: number; readonly sizes?: readonly number[] },
  position: number,
): Pair[] {
  const start = sizes.slice(0, position).reduce((sum, n) => sum + n, 0);
  return shape.map((n, i) => (i === axis ? [start, start + n] : [0, n]));
}
