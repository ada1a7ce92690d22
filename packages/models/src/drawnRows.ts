import { numpy as np, random } from "@jax-js/jax";

/** Larger parameters are drawn block by block. */
const LARGE = 2 ** 21;
const BLOCK = 2 ** 20;

/**
 * Starting values that are drawn a few rows at a time. jax-js takes four times the memory of what it draws on the way and
 * never gives it back; a table of 50,257 × 768 would cost 0.6 GB for the rest of the run.
 */
export class DrawnRows {
  readonly shape: readonly number[];
  readonly #draw: () => Iterable<np.Array>;

  /** `draw` makes the blocks of rows, top to bottom, each when it is asked for. */
  constructor(shape: readonly number[], draw: () => Iterable<np.Array>) {
    this.shape = shape;
    this.#draw = draw;
  }

  /** Hands each block over, with the number of entries before it. */
  each(take: (rows: np.Array, from: number) => void): void {
    let from = 0;
    for (const rows of this.#draw()) {
      const { size } = rows;
      take(rows, from);
      from += size;
    }
  }

  /** All rows as one array. */
  whole(): np.Array {
    return np.concatenate([...this.#draw()], 0);
  }
}

/**
 * N(0, deviation²): an array, or `DrawnRows` with more than 2^21 entries, each block of 2^20 at most with a key of its own
 * from `split`. Consumes the key.
 */
export function gaussianRows(
  key: np.Array,
  shape: readonly number[],
  deviation: number,
): np.Array | DrawnRows {
  const [rows = 1, ...rest] = shape;
  const width = rest.reduce((a, b) => a * b, 1);
  const draw = (own: np.Array, of: readonly number[]): np.Array => random.normal(own, [...of]).mul(deviation);
  if (rows * width <= LARGE) return draw(key, shape);
  const height = Math.max(1, Math.floor(BLOCK / width));
  const count = Math.ceil(rows / height);
  return new DrawnRows(shape, function* () {
    const keys = random.split(key, count);
    try {
      for (let i = 0; i < count; i++)
        yield draw(keys.ref.slice(i), [Math.min(height, rows - i * height), ...rest]);
    } finally {
      keys.dispose();
    }
  });
}
