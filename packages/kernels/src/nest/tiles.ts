import { type Nest, sizeOf } from "./nest.ts";

/**
 * How the work of a nest is cut. The cut depends on shapes alone, never on the number of threads, so that sums are
 * added in the same order on any number of them.
 */
export type Tiles =
  /** One dimension, cut into pieces of `length` elements. */
  | { readonly kind: "flat"; readonly count: number; readonly size: number; readonly length: number }
  /** Rows, cut into blocks of `rows` that end where a group ends. */
  | {
      readonly kind: "rows";
      readonly count: number;
      readonly rows: number;
      readonly rowsPerGroup: number;
      readonly tilesPerGroup: number;
      readonly columns: number;
    };

/** Elements in a tile: some tens of microseconds of work. A multiple of a vector. */
const TILE = 16_384;

/** Rows that are added one after the other to a column's sum. */
const ADDED_ROWS = 64;
const ADDED_SHORT_ROWS = 256;
const SHORT = 64;

export function tilesOf({ dimensions, groups, reductions }: Nest): Tiles {
  if (dimensions.length < 2) {
    const size = sizeOf(dimensions);
    return { kind: "flat", count: Math.ceil(size / TILE), size, length: TILE };
  }
  const columns = dimensions.at(-1) ?? 1;
  const total = sizeOf(dimensions.slice(0, -1));
  const downward = reductions.some(({ direction }) => direction === "columns");
  const rowsPerGroup = downward ? total / groups : total;
  const wanted = downward
    ? columns < SHORT
      ? ADDED_SHORT_ROWS
      : ADDED_ROWS
    : Math.max(1, Math.floor(TILE / columns));
  const rows = Math.min(wanted, rowsPerGroup);
  const tilesPerGroup = Math.ceil(rowsPerGroup / rows);
  return {
    kind: "rows",
    count: tilesPerGroup * (total / rowsPerGroup),
    rows,
    rowsPerGroup,
    tilesPerGroup,
    columns,
  };
}
