/** Sweeps after which a matrix of the sizes here has long converged; each is quadratic near the end. */
const MAX_SWEEPS = 60;

/**
 * Eigenvalues, falling, and orthonormal eigenvectors of a small symmetric matrix, in float64 by cyclic Jacobi
 * rotations (Golub & Van Loan, Matrix Computations, section 8.5). O(n³) a sweep: for tens of rows, not thousands.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): {
  values: number[];
  vectors: number[][];
} {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const get = (m: Float64Array[], i: number, j: number): number => m[i]?.[j] ?? 0;
  const size = Math.sqrt(a.reduce((sum, row) => row.reduce((s, x) => s + x * x, sum), 0));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += get(a, p, q) ** 2;
    if (Math.sqrt(off) <= 1e-15 * size) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = get(a, p, q);
        if (apq === 0) continue;
        const theta = (get(a, q, q) - get(a, p, p)) / (2 * apq);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        rotate(a, v, p, q, c, t * c);
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => get(a, j, j) - get(a, i, i));
  return {
    values: order.map((i) => get(a, i, i)),
    vectors: order.map((i) => Array.from({ length: n }, (_, row) => get(v, row, i))),
  };
}

/** A ← Jᵀ A J and V ← V J for the rotation by (c, s) in the plane of p and q. */
function rotate(a: Float64Array[], v: Float64Array[], p: number, q: number, c: number, s: number): void {
  const mix = (row: Float64Array): void => {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  };
  for (const row of a) mix(row);
  const [rowP, rowQ] = [a[p], a[q]];
  if (rowP === undefined || rowQ === undefined) return;
  for (let j = 0; j < rowP.length; j++) {
    const [x, y] = [rowP[j] ?? 0, rowQ[j] ?? 0];
    rowP[j] = c * x - s * y;
    rowQ[j] = s * x + c * y;
  }
  for (const row of v) mix(row);
}
