import type { numpy as np } from "@jax-js/jax";

import { array, wave } from "./trees.ts";

/** The entry (i, j) of the reflection I − 2wwᵀ/|w|², w a wave. */
export function reflection(size: number, seed: number): (i: number, j: number) => number {
  const w = wave(size, seed);
  const square = w.reduce((sum, x) => sum + x * x, 0);
  return (i, j) => (i === j ? 1 : 0) - (2 * (w[i] ?? 0) * (w[j] ?? 0)) / square;
}

/** [m, n] with given singular values, between two reflections. */
export function withSpectrum(m: number, n: number, values: readonly number[]): np.Array {
  const [left, right] = [reflection(m, 1), reflection(n, 2)];
  const entry = (i: number, j: number): number =>
    values.reduce((sum, value, k) => sum + left(i, k) * value * right(k, j), 0);
  return array(
    Float32Array.from({ length: m * n }, (_, k) => entry(Math.floor(k / n), k % n)),
    [m, n],
  );
}
