import { numpy as np } from "@jax-js/jax";

/** A plane or a space of arrays that can be drawn: coordinates belong to an orthonormal basis, so that lengths and angles are true. */
export interface Slice {
  readonly name: string;
  readonly axes: readonly string[];
  /** Of the arrays. */
  readonly shape: readonly number[];
  /** Of each axis: the entries of its unit array. */
  readonly basis: readonly (readonly number[])[];
}

const HALF = Math.SQRT1_2;

export const slices = {
  vectors: {
    name: "vectors (x, y)",
    axes: ["x", "y"],
    shape: [2],
    basis: [
      [1, 0],
      [0, 1],
    ],
  },
  diagonal: {
    name: "diagonal matrices (x, y)",
    axes: ["x", "y"],
    shape: [2, 2],
    basis: [
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ],
  },
  rows: {
    name: "matrices with one row (x, y)",
    axes: ["x", "y"],
    shape: [2, 2],
    basis: [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
    ],
  },
  symmetric: {
    name: "symmetric matrices",
    axes: ["x", "y", "z"],
    shape: [2, 2],
    basis: [
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, HALF, HALF, 0],
    ],
  },
} as const satisfies Record<string, Slice>;

export type SliceName = keyof typeof slices;

/** The arrays at points: [n, ...shape] from n lists of coordinates. */
export function arraysAt({ shape, basis }: Slice, points: readonly (readonly number[])[]): np.Array {
  const entries = points.flatMap((point) =>
    (basis[0] ?? []).map((_, entry) =>
      basis.reduce((sum, axis, i) => sum + (point[i] ?? 0) * (axis[entry] ?? 0), 0),
    ),
  );
  return np.array(entries, { shape: [points.length, ...shape], dtype: np.float32 });
}

/** Coordinates of one array's entries; what lies outside of the slice is left out. */
export const coordinatesOf = ({ basis }: Slice, entries: ArrayLike<number>): number[] =>
  basis.map((axis) => axis.reduce((sum, weight, i) => sum + weight * (entries[i] ?? 0), 0));
