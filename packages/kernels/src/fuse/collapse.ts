import type { Direction } from "../nest/nest.ts";
import { sizeOf } from "../nest/nest.ts";

/** The dimensions a reduction goes over, by dimension of the nest. */
export type Over = readonly boolean[];

/** Accesses of loops over a shape, before dimensions are joined. */
export interface Accesses {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
  readonly reductions: readonly Over[];
}

export interface Collapsed {
  readonly dimensions: readonly number[];
  readonly strides: readonly (readonly number[])[];
  readonly directions: readonly Direction[];
  readonly groups: number;
}

/**
 * Joins neighbouring dimensions that every access goes through as if they were one. Undefined where reductions are
 * left that one set of loops cannot do.
 */
export function collapse({ shape, strides, reductions }: Accesses): Collapsed | undefined {
  const starts = shape.flatMap((_, i) => (i === 0 || !joins(i, { shape, strides, reductions }) ? [i] : []));
  const ends = starts.map((_, k) => (starts[k + 1] ?? shape.length) - 1);
  const dimensions = starts.map((start, k) => sizeOf(shape.slice(start, (ends[k] ?? 0) + 1)));
  const joined = reductions.map((over) => starts.map((start) => over[start] ?? false));
  const found = joined.map((over) => directionOf(dimensions, over));
  const directions = found.flatMap((x) => x?.direction ?? []);
  const groups = new Set(found.flatMap((x) => (x?.direction === "columns" ? [x.groups] : [])));
  if (directions.length < reductions.length || groups.size > 1) return undefined;
  return {
    dimensions,
    strides: strides.map((list) => ends.map((end) => list[end] ?? 0)),
    directions,
    groups: [...groups][0] ?? 1,
  };
}

function joins(i: number, { shape, strides, reductions }: Accesses): boolean {
  const dense = strides.every((list) => list[i - 1] === (list[i] ?? 0) * (shape[i] ?? 1));
  return dense && reductions.every((over) => over[i - 1] === over[i]);
}

function directionOf(
  dimensions: readonly number[],
  over: Over,
): { readonly direction: Direction; readonly groups: number } | undefined {
  if (over.every(Boolean)) return { direction: "all", groups: 1 };
  const last = dimensions.length - 1;
  if (over[last]) return over.indexOf(true) === last ? { direction: "rows", groups: 1 } : undefined;
  const first = over.indexOf(true);
  const within = over.slice(first, last);
  return within.every(Boolean)
    ? { direction: "columns", groups: sizeOf(dimensions.slice(0, first)) }
    : undefined;
}

/** The direction's name for a nest of one's own: nests that cannot be joined differ in it. */
export const patternOf = (over: Over): string => (over.every(Boolean) ? "" : over.map(Number).join(""));
