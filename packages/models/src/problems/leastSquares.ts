import { numpy as np } from "@jax-js/jax";
import { type Settings, wholeFrom } from "../model/setting.ts";
import { settingChecks } from "../model/settingChecks.ts";
import { gaussian, type Matrix, randomSymmetric, uniforms } from "./matrix.ts";
import { type ProblemModel, type ProblemParams, problemModel } from "./problemModel.ts";

export type LeastSquaresConfig = {
  /** Default 10. */
  readonly rows?: number;
  /** Default 10. */
  readonly columns?: number;
  /** Chooses the matrices, not the start. Default 0. */
  readonly problemSeed?: number;
};

export interface LeastSquares extends ProblemModel<ProblemParams> {
  readonly config: Required<LeastSquaresConfig>;
  /** A, B and the solution S, in float64. */
  readonly matrices: { readonly left: Matrix; readonly right: Matrix; readonly target: Matrix };
  /** Eigenvalues of A and of B, falling. */
  readonly spectra: { readonly left: readonly number[]; readonly right: readonly number[] };
}

const defaults = { rows: 10, columns: 10, problemSeed: 0 };

/** What each setting means. */
export const leastSquaresSettings: Settings<LeastSquaresConfig> = {
  rows: { doc: "rows of X, the size of A", range: wholeFrom(1) },
  columns: { doc: "columns of X, the size of B", range: wholeFrom(1) },
  problemSeed: { doc: "chooses the matrices, not the start", range: wholeFrom(0) },
};

/**
 * Randomized matrix least squares, F(X) = ½ ⟨X − S, A (X − S) B⟩ with gradient A (X − S) B: A and B symmetric with
 * eigenvalues uniform on (0, 1) and random eigenvectors, S Gaussian, X₀ = 0. The minimum is 0, at S.
 *
 * The test problem of The Nuclear Norm and Beyond (section 6.1), there 10 × 10; S and X₀ are left open there.
 * Throws `ConfigError`.
 */
export function leastSquares(config: LeastSquaresConfig = {}): LeastSquares {
  const check = settingChecks("least-squares problem", Object.keys(leastSquaresSettings));
  check.known(config);
  const full = { ...defaults, ...config };
  const { rows, columns, problemSeed } = full;
  check.size("rows", rows);
  check.size("columns", columns);
  check.size("problemSeed", problemSeed, 0);
  const spectrum = (stream: number, size: number): number[] =>
    Array.from(uniforms(problemSeed, stream, size)).sort((a, b) => b - a);
  const spectra = { left: spectrum(0, rows), right: spectrum(1, columns) };
  const left = randomSymmetric(spectra.left, problemSeed, 2);
  const right = randomSymmetric(spectra.right, problemSeed, 3);
  const target = gaussian(problemSeed, 4, rows, columns);
  const put = ({ rows: m, columns: n, data }: Matrix, dtype: np.DType): np.Array =>
    np.array(Float32Array.from(data), { shape: [m, n] }).astype(dtype);
  const model = problemModel({
    name: "least-squares",
    config: full,
    shape: [rows, columns],
    start: new Float64Array(rows * columns),
    minimum: 0,
    flops: 6 * rows * columns * (rows + columns),
    value(x) {
      const { dtype } = x;
      const error = x.sub(put(target, dtype));
      const gradient = np.matmul(np.matmul(put(left, dtype), error.ref), put(right, dtype));
      return np.sum(error.mul(gradient)).mul(0.5);
    },
  });
  return { ...model, config: full, matrices: { left, right, target }, spectra };
}
