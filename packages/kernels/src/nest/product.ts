import { sizeOf } from "./nest.ts";

/** Columns of a panel: two vectors. */
export const PANEL = 8;

/** Rows of the result whose sums are in registers at a time. More would not fit with their factors on a processor with 16. */
export const ROWS = 4;

/** Terms that are added one after the other before the sums go to memory: their factors stay in the nearest caches. */
export const DEPTH_BLOCK = 512;

/** Products of matrices of one size: result[o, i, j] = sum over k of left[o, i, k] times right[o, k, j]. */
export interface Product {
  readonly kind: "product";
  /** The shape of o. */
  readonly outer: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Argument 0, read where it lies. Strides in elements. */
  readonly left: {
    readonly offset: number;
    readonly outer: readonly number[];
    readonly row: number;
    readonly depth: number;
  };
  /** Argument 1, packed. Strides in packed matrices. */
  readonly right: { readonly outer: readonly number[] };
  /** Argument 2. Neighbouring columns are neighbours in memory. */
  readonly result: { readonly outer: readonly number[]; readonly row: number };
}

/**
 * Copies argument 0 to argument 1 as a product reads its right factors: matrix by matrix, in each panels of columns, in each
 * panel row by row. Columns that the last panel lacks are 0.
 */
export interface Packing {
  readonly kind: "packing";
  readonly outer: readonly number[];
  readonly columns: number;
  readonly depth: number;
  readonly source: {
    readonly offset: number;
    readonly outer: readonly number[];
    readonly depth: number;
    readonly column: number;
  };
}

export const panelsOf = ({ columns }: { readonly columns: number }): number => Math.ceil(columns / PANEL);

/** Elements of the packed matrices. */
export const packedSize = (packing: Packing): number =>
  sizeOf(packing.outer) * panelsOf(packing) * packing.depth * PANEL;

/** How products are cut: some matrices, or some rows and panels of one. */
export interface ProductTiles {
  readonly count: number;
  readonly outer: number;
  readonly rows: number;
  readonly rowBlocks: number;
  readonly panels: number;
  readonly panelBlocks: number;
}

/** Multiplications in a tile: some tens of microseconds of work. */
const TILE = 500_000;
const MOST_PANELS = 32;

export function productTiles({ outer, rows, columns, depth }: Product): ProductTiles {
  const all = panelsOf({ columns });
  const panelBlocks = Math.ceil(all / MOST_PANELS);
  const panels = Math.ceil(all / panelBlocks);
  const perRow = panels * PANEL * depth;
  const blockRows = ROWS * Math.max(1, Math.round(TILE / perRow / ROWS));
  const rowBlocks = Math.ceil(rows / blockRows);
  const whole = rowBlocks * panelBlocks === 1;
  const some = whole ? Math.max(1, Math.floor(TILE / (perRow * rows))) : 1;
  return {
    count: Math.ceil(sizeOf(outer) / some) * rowBlocks * panelBlocks,
    outer: some,
    rows: blockRows,
    rowBlocks,
    panels,
    panelBlocks,
  };
}

/** Panels of a tile of a packing. */
export const packedPanels = ({ depth }: Packing): number => Math.max(1, Math.floor(16_384 / (depth * PANEL)));
