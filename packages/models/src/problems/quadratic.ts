import { numpy as np } from "@jax-js/jax";
import { ConfigError } from "../model/configError.ts";
import { expectNumber } from "../model/expectNumber.ts";
import { oneOf, type Settings, wholeFrom, yesOrNo } from "../model/setting.ts";
import { settingChecks } from "../model/settingChecks.ts";
import { gaussian, randomSymmetric, uniforms } from "./matrix.ts";
import { type ProblemModel, type ProblemParams, problemModel } from "./problemModel.ts";

const spectrumNames = ["geometric", "linear", "uniform", "two-level"] as const;

export type QuadraticConfig = {
  /** Size of A. Default 20. */
  readonly rows?: number;
  /** Columns of X: each is a problem of its own, but matrix methods see them together. Default 20. */
  readonly columns?: number;
  /** Largest eigenvalue of A over its smallest; the largest is 1. Default 100. */
  readonly condition?: number;
  /**
   * How the eigenvalues lie between 1 and 1 / condition: in even ratios ("geometric"), in even steps ("linear"), at
   * random ("uniform"), half of them at either end ("two-level"); or the list of them, all ≥ 0. Default "geometric".
   */
  readonly spectrum?: (typeof spectrumNames)[number] | readonly number[];
  /** Random eigenvectors; false: A is diagonal. Default true. */
  readonly rotated?: boolean;
  /** Chooses eigenvectors, eigenvalues and solution. Default 0. */
  readonly problemSeed?: number;
};

export interface Quadratic extends ProblemModel<ProblemParams> {
  readonly config: Required<QuadraticConfig>;
  /** Of A, falling (or as given). */
  readonly eigenvalues: readonly number[];
}

const defaults = {
  rows: 20,
  columns: 20,
  condition: 100,
  spectrum: "geometric",
  rotated: true,
  problemSeed: 0,
} as const;

/** What each setting means. */
export const quadraticSettings: Settings<QuadraticConfig> = {
  rows: { doc: "rows of X, the size of A", range: wholeFrom(1) },
  columns: {
    doc: "columns of X: each a problem of its own, seen together by matrix methods",
    range: wholeFrom(1),
  },
  condition: { doc: "largest eigenvalue of A over its smallest; the largest is 1", range: "≥ 1" },
  spectrum: {
    doc: "eigenvalues between 1 and 1 / condition: in even ratios, even steps, at random, or half at either end",
    range: `${oneOf(spectrumNames)}, or a list of numbers ≥ 0`,
  },
  rotated: { doc: "random eigenvectors; false: A is diagonal", range: yesOrNo },
  problemSeed: { doc: "chooses eigenvectors, eigenvalues and solution", range: wholeFrom(0) },
};

/**
 * A quadratic with a chosen spectrum, F(X) = ½ ⟨X − S, A (X − S)⟩ with gradient A (X − S): A symmetric [rows, rows], S
 * Gaussian [rows, columns], X₀ = 0. The minimum is 0, at S. With columns 1 it is the quadratic of a vector.
 * Throws `ConfigError`.
 */
export function quadratic(config: QuadraticConfig = {}): Quadratic {
  const check = settingChecks("quadratic", Object.keys(quadraticSettings));
  check.known(config);
  const full = { ...defaults, ...config };
  const { rows, columns, condition, spectrum, rotated, problemSeed } = full;
  check.size("rows", rows);
  check.size("columns", columns);
  expectNumber("condition", condition, 1);
  check.boolean("rotated", rotated);
  check.size("problemSeed", problemSeed, 0);
  if (typeof spectrum === "string") check.choice("spectrum", spectrum, spectrumNames);
  const eigenvalues = typeof spectrum === "string" ? named(full) : given(spectrum, rows);
  const matrix = rotated ? randomSymmetric(eigenvalues, problemSeed, 2) : diagonal(eigenvalues);
  const target = gaussian(problemSeed, 4, rows, columns);
  const model = problemModel({
    name: "quadratic",
    config: full,
    shape: [rows, columns],
    start: new Float64Array(rows * columns),
    minimum: 0,
    flops: 6 * rows * rows * columns,
    value(x) {
      const put = (data: Float64Array, shape: number[]): np.Array =>
        np.array(Float32Array.from(data), { shape }).astype(x.dtype);
      const error = x.sub(put(target.data, [rows, columns]));
      const gradient = np.matmul(put(matrix.data, [rows, rows]), error.ref);
      return np.sum(error.mul(gradient)).mul(0.5);
    },
  });
  return { ...model, config: full, eigenvalues };
}

function named({ rows, condition, spectrum, problemSeed }: Required<QuadraticConfig>): number[] {
  const least = 1 / condition;
  const between = (share: number): number => 1 - share * (1 - least);
  if (spectrum === "uniform") {
    return Array.from(uniforms(problemSeed, 0, rows), between).sort((a, b) => b - a);
  }
  return Array.from({ length: rows }, (_, i) => {
    const share = rows === 1 ? 0 : i / (rows - 1);
    if (spectrum === "two-level") return i < rows / 2 ? 1 : least;
    return spectrum === "linear" ? between(share) : condition ** -share;
  });
}

function given(spectrum: unknown, rows: number): readonly number[] {
  const values = Array.isArray(spectrum) ? spectrum : [];
  if (values.length === rows && values.every((one) => Number.isFinite(one) && one >= 0)) return values;
  throw new ConfigError(
    `spectrum must be one of ${spectrumNames.join(", ")}, or ${rows} eigenvalues ≥ 0 for ${rows} rows; ` +
      `got ${JSON.stringify(spectrum)}`,
  );
}

function diagonal(values: readonly number[]): { data: Float64Array } {
  const n = values.length;
  const data = new Float64Array(n * n);
  for (const [i, value] of values.entries()) data[i * n + i] = value;
  return { data };
}
