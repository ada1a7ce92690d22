import { symmetricEigenvalues } from "./symmetricEigenvalues.ts";

/**
 * The singular values σ₁ ≥ σ₂ ≥ … of a matrix [rows, cols] from its entries, row by row; in float64 from the eigenvalues of the
 * smaller Gram matrix, so that those below 1e-8 σ₁, which float32 weights do not tell from 0, are rounding. Cost: mn·k + 4k³/3
 * operations and some 100k², k = min(m, n), outside the graph. Throws a RangeError
 * where sides and entries do not go together, or an entry is not finite.
 */
export function spectrumOf(
  entries: ArrayLike<number>,
  [rows, cols]: readonly [rows: number, cols: number],
): number[] {
  if (rows * cols !== entries.length)
    throw new RangeError(`spectrumOf: [${rows}, ${cols}] has ${rows * cols} entries, got ${entries.length}`);
  const values = symmetricEigenvalues(smallerGram(Float64Array.from(entries), rows, cols));
  return values.map((value) => Math.sqrt(Math.max(0, value))).reverse();
}

/**
 * Σσ²/σ₁² ≥ 1, the stable rank: how many directions carry the size of a matrix; the number of singular values where all are
 * alike. 0 for a matrix of zeros. Source: Rudelson & Vershynin 2007.
 */
export function stableRank(spectrum: readonly number[]): number {
  const largest = Math.max(0, ...spectrum);
  return largest === 0 ? 0 : spectrum.reduce((sum, s) => sum + (s / largest) ** 2, 0);
}

/**
 * exp(−Σ pᵢ log pᵢ), pᵢ = σᵢ/Σσ, the effective rank: the number of singular values where all are alike, 1 where one is alone.
 * 0 for a matrix of zeros. Source: Roy & Vetterli 2007.
 */
export function effectiveRank(spectrum: readonly number[]): number {
  const total = spectrum.reduce((sum, s) => sum + s, 0);
  if (total === 0) return 0;
  const entropy = spectrum.reduce((sum, s) => (s > 0 ? sum - (s / total) * Math.log(s / total) : sum), 0);
  return Math.exp(entropy);
}

/** AAᵀ or AᵀA, whichever is smaller; its lower triangle. */
function smallerGram(a: Float64Array, rows: number, cols: number): Float64Array {
  const wide = rows <= cols;
  const [side, length] = wide ? [rows, cols] : [cols, rows];
  const vectors = wide ? a : transposed(a, rows, cols);
  const gram = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += (vectors[i * length + k] ?? 0) * (vectors[j * length + k] ?? 0);
      gram[i * side + j] = sum;
    }
  }
  return gram;
}

function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  const t = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) t[j * rows + i] = a[i * cols + j] ?? 0;
  return t;
}
