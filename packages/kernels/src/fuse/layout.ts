import { sizeOf } from "../nest/nest.ts";

/** Where the elements of a shape are found in an array: at `offset` plus each coordinate times its stride. */
export interface Layout {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Row-major without gaps. */
export function dense(shape: readonly number[]): Layout {
  return { shape, strides: shape.map((_, i) => sizeOf(shape.slice(i + 1))), offset: 0 };
}

/** Without dimensions of one element. */
export function squeezed({ shape, strides, offset }: Layout): Layout {
  const kept = (_: number, i: number): boolean => shape[i] !== 1;
  return { shape: shape.filter(kept), strides: strides.filter(kept), offset };
}

/** Whether the elements are found one after the other from the first on. */
export function isDense(layout: Layout): boolean {
  const { shape, strides, offset } = squeezed(layout);
  return offset === 0 && strides.every((stride, i) => stride === dense(shape).strides[i]);
}

/** The same elements repeated along new leading dimensions and dimensions of one. */
export function broadcastTo({ shape, strides, offset }: Layout, target: readonly number[]): Layout {
  const added = target.length - shape.length;
  return {
    shape: target,
    strides: target.map((n, i) => (i < added || shape[i - added] !== n ? 0 : (strides[i - added] ?? 0))),
    offset,
  };
}

/** The layout in which the same elements in the same order have another shape; undefined where there is none. */
export function reshaped(layout: Layout, target: readonly number[]): Layout | undefined {
  const from = squeezed(layout);
  const to = target.filter((n) => n !== 1);
  const strides: number[] = [];
  let taken = 0;
  for (let at = 0; at < to.length; ) {
    // The fewest dimensions on both sides that have as many elements.
    let [old, fresh, oldEnd, freshEnd] = [from.shape[taken] ?? 1, to[at] ?? 1, taken + 1, at + 1];
    while (old !== fresh) {
      if (old < fresh) old *= from.shape[oldEnd++] ?? 1;
      else fresh *= to[freshEnd++] ?? 1;
    }
    for (let i = taken; i + 1 < oldEnd; i++)
      if (from.strides[i] !== (from.strides[i + 1] ?? 0) * (from.shape[i + 1] ?? 1)) return undefined;
    const last = from.strides[oldEnd - 1] ?? 0;
    for (let i = at; i < freshEnd; i++) strides.push(last * sizeOf(to.slice(i + 1, freshEnd)));
    [taken, at] = [oldEnd, freshEnd];
  }
  const rest = strides.values();
  return {
    shape: target,
    strides: target.map((n) => (n === 1 ? 0 : (rest.next().value ?? 0))),
    offset: layout.offset,
  };
}
