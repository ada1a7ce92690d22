import { numpy as np } from "@jax-js/jax";
import fc from "fast-check";

/** A reproducible stream of standard normal numbers (mulberry32 and Box-Muller), and how to pass over some of them. */
function normals(seed: number): { normal: () => number; skip: (count: number) => void } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    skip: (count) => {
      state = (state + Math.imul(2 * count, 0x6d2b79f5)) >>> 0;
    },
  };
}

export const kinds = ["gaussian", "illConditioned", "rankDeficient", "zero", "zeroRows"] as const;
export type Kind = (typeof kinds)[number];

/** Entries of a matrix [m, n], row by row: rounded to float32. */
export function sample(kind: Kind, m: number, n: number, seed: number): Float32Array {
  const { normal, skip } = normals(seed);
  const rank = Math.max(1, Math.min(m, n) - 2);
  const draw = (count: number, needed: boolean): number[] => {
    if (needed) return Array.from({ length: count }, normal);
    skip(count);
    return [];
  };
  const left = draw(m * rank, kind === "rankDeficient");
  const right = draw(rank * n, kind === "rankDeficient");
  const gaussian = draw(m * n, kind !== "rankDeficient" && kind !== "zero");
  const entry: Record<Kind, (i: number, j: number) => number> = {
    gaussian: (i, j) => gaussian[i * n + j] ?? 0,
    illConditioned: (i, j) => (gaussian[i * n + j] ?? 0) * 10 ** ((-3 * (i + j)) / (m + n)), // rows and columns fade
    rankDeficient: (i, j) =>
      Array.from({ length: rank }, (_, k) => (left[i * rank + k] ?? 0) * (right[k * n + j] ?? 0)).reduce(
        (sum, term) => sum + term,
      ),
    zero: () => 0,
    zeroRows: (i, j) => (i % 2 === 1 || j % 3 === 2 ? 0 : (gaussian[i * n + j] ?? 0)),
  };
  return Float32Array.from({ length: m * n }, (_, k) => entry[kind](Math.floor(k / n), k % n));
}

/** Few shapes, since jax-js compiles for each: 1×1, 1-wide, 1-tall, square, wide, tall. */
export const shapes: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 6],
  [6, 1],
  [4, 4],
  [3, 8],
  [8, 3],
];

export interface Sample {
  readonly kind: Kind;
  readonly m: number;
  readonly n: number;
  readonly seed: number;
}

/** Matrices of every kind and shape. */
export const samples = (...chosen: readonly Kind[]): fc.Arbitrary<Sample> =>
  fc
    .tuple(
      fc.constantFrom(...(chosen.length > 0 ? chosen : kinds)),
      fc.constantFrom(...shapes),
      fc.nat({ max: 2 ** 31 }),
    )
    .map(([kind, [m, n], seed]) => ({ kind, m, n, seed }));

/** The sample as an array, reshaped if a shape is given. */
export function arrayOf({ kind, m, n, seed }: Sample, shape: readonly number[] = [m, n]): np.Array {
  return np.array(sample(kind, m, n, seed)).reshape([...shape]);
}

/** All entries as numbers. Consumes x. */
export function entries(x: np.Array): number[] {
  return x.ravel().js() as number[];
}

/** The largest |a − b|. Consumes both. */
export function maxDifference(a: np.Array, b: np.Array): number {
  const [left, right] = [entries(a), entries(b)];
  if (left.length !== right.length) throw new Error(`${left.length} entries against ${right.length}`);
  return left.reduce((worst, value, i) => {
    return Math.max(worst, Math.abs(value - (right[i] ?? Number.NaN))); // NaN if any is
  }, 0);
}
