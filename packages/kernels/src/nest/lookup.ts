/** Rows by their numbers: argument 2 [groups, count, size] is argument 0 [groups, entries, size] at argument 1 [count]. */
export interface Lookup {
  readonly kind: "lookup";
  readonly groups: number;
  readonly entries: number;
  readonly count: number;
  readonly size: number;
}

/** Rows of a tile. */
export const lookupRows = ({ size }: Lookup): number => Math.max(1, Math.floor(16_384 / size));

/** Sums of rows by their numbers: argument 2 [entries, size] from argument 0 [count, size] and the numbers, argument 1. */
export interface Scatter {
  readonly kind: "scatter";
  readonly entries: number;
  readonly count: number;
  readonly size: number;
  readonly type: "float32" | "int32" | "uint32";
}

const MOST_TILES = 16;

/** Entries of a tile. Each goes over all the numbers. */
export const scatterEntries = ({ entries }: Scatter): number => Math.ceil(entries / MOST_TILES);
