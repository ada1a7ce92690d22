import { counterRandom } from "../random/counterRandom.ts";

/** Numbers row by row. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly data: Float64Array };

/** Uniform numbers in [0, 1), a pure function of seed and stream. */
export const uniforms = (seed: number, stream: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => counterRandom(seed, "sampling", stream, i));

/** Independent N(0, 1) numbers by the method of Box and Muller 1958. */
export function gaussian(seed: number, stream: number, rows: number, columns: number): Matrix {
  const u = uniforms(seed, stream, 2 * rows * columns);
  const data = Float64Array.from({ length: rows * columns }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - (u[2 * i] ?? 0)));
    return radius * Math.cos(2 * Math.PI * (u[2 * i + 1] ?? 0));
  });
  return { rows, columns, data };
}

/**
 * Q diag(eigenvalues) Qᵀ with Q uniform on the orthogonal matrices: the rows of a Gaussian matrix made orthonormal
 * one after the other, twice, which is exact to rounding.
 */
export function randomSymmetric(eigenvalues: readonly number[], seed: number, stream: number): Matrix {
  const n = eigenvalues.length;
  const { data } = gaussian(seed, stream, n, n);
  const rows: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    const row = data.slice(i * n, (i + 1) * n);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of rows) {
        const along = row.reduce((sum, x, j) => sum + x * (other[j] ?? 0), 0);
        for (let j = 0; j < n; j++) row[j] = (row[j] ?? 0) - along * (other[j] ?? 0);
      }
    }
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    rows.push(row.map((x) => x / length));
  }
  const result = new Float64Array(n * n);
  for (const [k, row] of rows.entries()) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        result[i * n + j] =
          (result[i * n + j] ?? 0) + (eigenvalues[k] ?? 0) * ((row[i] ?? 0) * (row[j] ?? 0));
      }
    }
  }
  return { rows: n, columns: n, data: result };
}
