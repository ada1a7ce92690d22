import { numpy as np, random } from "@jax-js/jax";

/** Larger parameters are drawn block by block. */
const LARGE = 2 ** 21;
/** Entries of a block. */
const BLOCK = 2 ** 20;

/**
 * Starting values that come a few rows at a time. jax-js takes four times the memory of what it draws on the way and
 * never gives it back; a table of 50,257 × 768 would cost 0.6 GB for the rest of the run.
 */
export class StartingRows {
  readonly shape: readonly number[];
  readonly #make: () => Iterable<np.Array>;

  /** `make` makes the blocks of rows, those of `rowExtents`, each when it is asked for. */
  constructor(shape: readonly number[], make: () => Iterable<np.Array>) {
    this.shape = shape;
    this.#make = make;
  }

  /** Hands each block over, with the number of entries before it. */
  each(take: (rows: np.Array, from: number) => void): void {
    let from = 0;
    for (const rows of this.#make()) {
      const { size } = rows;
      take(rows, from);
      from += size;
    }
  }

  /** All rows as one array. */
  whole(): np.Array {
    return np.concatenate([...this.#make()], 0);
  }
}

/** Where each block of rows begins, in entries, and its shape: 2^20 entries at most, but one row at least. */
export function rowExtents([rows = 1, ...rest]: readonly number[]): { from: number; shape: number[] }[] {
  const width = rest.reduce((a, b) => a * b, 1);
  const height = Math.max(1, Math.floor(BLOCK / width));
  return Array.from({ length: Math.ceil(rows / height) }, (_, i) => ({
    from: i * height * width,
    shape: [Math.min(height, rows - i * height), ...rest],
  }));
}

/**
 * N(0, deviation²): an array, or `StartingRows` with more than 2^21 entries, each block with a key of its own from `split`.
 * Consumes the key.
 */
export function gaussianRows(
  key: np.Array,
  shape: readonly number[],
  deviation: number,
): np.Array | StartingRows {
  const draw = (own: np.Array, of: readonly number[]): np.Array => random.normal(own, [...of]).mul(deviation);
  if (shape.reduce((a, b) => a * b, 1) <= LARGE) return draw(key, shape);
  const extents = rowExtents(shape);
  return new StartingRows(shape, function* () {
    const keys = random.split(key, extents.length);
    try {
      for (const [i, extent] of extents.entries()) yield draw(keys.ref.slice(i), extent.shape);
    } finally {
      keys.dispose();
    }
  });
}
