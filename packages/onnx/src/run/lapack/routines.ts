import type { ParamsOf } from "../../trace/jaxpr.ts";
import type { Lapack } from "./lapack.ts";

export type Floats = Float32Array | Float64Array;

/** One matrix of a batch, row by row, as jax-js has it. */
export interface Problem {
  readonly lapack: Lapack;
  readonly precision: "float32" | "float64";
  readonly inputs: readonly Floats[];
  readonly outputs: readonly (Floats | Int32Array)[];
  readonly shape: readonly [rows: number, cols: number];
}

const at = <T>(list: readonly T[], i: number): T => {
  const value = list[i];
  if (value === undefined) throw new Error(`internal: no array ${i}`);
  return value;
};

/** Row by row to column by column, or back. */
function transposed<T extends Floats>(a: T, rows: number, cols: number): T {
  const out = a.slice() as T;
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j] ?? 0;
  return out;
}

/** Lower triangular L with L Lᵀ = A. A matrix that is not positive definite gives NaN, as in jax-js. */
export async function cholesky({ lapack, precision, inputs, outputs, shape }: Problem): Promise<void> {
  const [n] = shape;
  const out = at(outputs, 0) as Floats;
  out.set(at(inputs, 0));
  // Column by column, our lower triangle is the upper one.
  const info = await lapack.call("potrf", precision, "U", n, out, n);
  if (info > 0) out.fill(Number.NaN);
  for (let i = 0; i < n; i++) out.fill(0, i * n + i + 1, (i + 1) * n);
}

/** Row-pivoted P A = L U: L and U in one matrix, the row swaps, the permutation. */
export async function lu({ lapack, precision, inputs, outputs, shape }: Problem): Promise<void> {
  const [m, n] = shape;
  const matrix = transposed(at(inputs, 0), m, n);
  const pivots = at(outputs, 1);
  await lapack.call("getrf", precision, m, n, matrix, m, pivots as Int32Array);
  at(outputs, 0).set(transposed(matrix, n, m));
  const permutation = Array.from({ length: m }, (_, i) => i);
  for (const [i, oneBased] of pivots.entries()) {
    const p = oneBased - 1;
    pivots[i] = p;
    [permutation[i], permutation[p]] = [at(permutation, p), at(permutation, i)];
  }
  at(outputs, 2).set(permutation);
}

/** Rows x with A x = b for each row b, A [n, n] upper triangular. A singular A gives NaN. */
export async function triangularSolve(
  { lapack, precision, inputs, outputs, shape }: Problem,
  { unitDiagonal }: ParamsOf<"triangular_solve">,
): Promise<void> {
  const [rows, n] = shape;
  const out = at(outputs, 0) as Floats;
  out.set(at(inputs, 1));
  const diagonal = unitDiagonal ? "U" : "N";
  // Column by column, our A is Aᵀ, lower triangular, and each row of b is a column.
  const info = await lapack.call("trtrs", precision, "L", "T", diagonal, n, rows, at(inputs, 0), n, out, n);
  if (info > 0) out.fill(Number.NaN);
}

/** Eigenvalues on the diagonal of a matrix, and eigenvectors as columns. Reads the lower triangle. */
export async function eigh({ lapack, precision, inputs, outputs, shape }: Problem): Promise<void> {
  const [n] = shape;
  const vectors = at(inputs, 0).slice();
  const like = (size: number): Floats =>
    precision === "float32" ? new Float32Array(size) : new Float64Array(size);
  const [eigenvalues, work] = [like(n), like(1 + 6 * n + 2 * n * n)];
  const integers = new Int32Array(3 + 5 * n);
  const sizes = [work, work.length, integers, integers.length] as const;
  const info = await lapack.call("syevd", precision, "V", "U", n, vectors, n, eigenvalues, ...sizes);
  const diagonal = at(outputs, 0).fill(0);
  for (const [i, value] of eigenvalues.entries()) diagonal[i * n + i] = value;
  at(outputs, 1).set(transposed(vectors, n, n));
  if (info !== 0) for (const out of outputs) out.fill(Number.NaN);
}
