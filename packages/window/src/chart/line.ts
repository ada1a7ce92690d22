import type { BucketedCurve } from "../data/runEntry.ts";

/** A curve of a chart. */
export interface Line {
  readonly key: string;
  readonly label: string;
  /** Number of its colour. */
  readonly colour: number;
  readonly curve: BucketedCurve;
  /** Whether the place between `min` and `max` is tinted. */
  readonly band: boolean;
  /** Of a few values: points are drawn. */
  readonly points?: boolean;
}

/** x of all lines together, growing, and each line's values there; null where a line has none. */
export interface Aligned {
  readonly x: Float64Array;
  readonly at: readonly Int32Array[];
}

/** Lines on a common x, which a chart needs. More than a few lines are put on places as wide as a pixel. */
export function aligned(lines: readonly Line[]): Aligned {
  const rounded = lines.length > 8;
  const ends = lines.flatMap(({ curve }) => [curve.x[0] ?? Infinity, curve.x.at(-1) ?? -Infinity]);
  const from = Math.min(...ends);
  const width = (Math.max(...ends) - from) / 1500 || 1;
  const place = (x: number): number => (rounded ? from + Math.round((x - from) / width) * width : x);
  const x = Float64Array.from(new Set(lines.flatMap(({ curve }) => curve.x.map(place)))).sort();
  const order = new Map(Array.from(x, (value, i) => [value, i]));
  const at = lines.map(({ curve }) => {
    const indices = new Int32Array(x.length).fill(-1);
    curve.x.forEach((value, i) => {
      indices[order.get(place(value)) ?? 0] = i;
    });
    return indices;
  });
  return { x, at };
}
