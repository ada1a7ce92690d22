import { numpy as np } from "@jax-js/jax";
import {
  type CoefficientSet,
  type Coefficients,
  type ScheduleMode,
  scheduleFor,
} from "./coefficients/coefficientSet.ts";
import { type CoefficientSetName, coefficientSet } from "./coefficients/named.ts";
import { type Normalization, type NormalizationName, normalizationFrom, normalize } from "./normalization.ts";
import { expectMatrices } from "./shape.ts";

export interface NewtonSchulzOptions {
  /** A named set, a set of one's own, or a bare list of (a, b, c). Default "keller". */
  readonly coefficients?: CoefficientSetName | CoefficientSet | readonly Coefficients[];
  /** Number of iterations. Default: the set's own; for a bare list its length. */
  readonly steps?: number;
  /** How the list goes on when there are more steps than entries. Default: the set's own; "cycle" for a bare list. */
  readonly mode?: ScheduleMode;
  /**
   * What comes before the first step. Default "invariant": divide by the set's safety times the Frobenius norm,
   * no eps. Give "keller" etc. for the eps of a published code.
   */
  readonly normalization?: NormalizationName | Partial<Normalization>;
}

/**
 * Approximates the polar factor UVᵀ of x = UΣVᵀ by matrix products alone.
 *
 *   X ← x / ‖x‖_F            A = XXᵀ,   X ← aX + (bA + cA²)X        (a, b, c) from the schedule, `steps` times
 *
 * Each step maps every singular value by p(σ) = aσ + bσ³ + cσ⁵ and leaves the singular vectors alone. So the
 * error is that of the composed polynomial at σ/‖x‖_F: `mapSingularValue` gives it exactly. For the default
 * set it is in 0.68…1.13 for σ ≥ 0.01·‖x‖_F; float32 rounding adds 1e-6 to 1e-5, in null directions amplified by
 * the slope at 0.
 *
 * x: [..., m, n], any batch of matrices; a tall one is worked on transposed, which keeps XXᵀ small.
 * Result: the same shape and dtype; zero for zero. Consumes x. Can be traced.
 *
 * FLOPs for short side n, long side m, per matrix: steps · (4n²m + 2n³); 2n³ less for a step with c = 0.
 *
 * Source: Jordan et al. 2024, kellerjordan.github.io/posts/muon; Björck & Bowie 1971.
 */
export function newtonSchulz(x: np.Array, options: NewtonSchulzOptions = {}): np.Array {
  expectMatrices("newtonSchulz", x);
  const { schedule, normalization } = resolveNewtonSchulz(options);
  return iterateSchedule(normalize(x, normalization), schedule);
}

/** The iteration alone, for an x of [..., m, n] whose singular values are at most 1 already. Consumes x. */
export function iterateSchedule(x: np.Array, schedule: readonly Coefficients[]): np.Array {
  const { rows, columns } = expectMatrices("iterateSchedule", x);
  const tall = rows > columns;
  const wide = schedule.reduce(newtonSchulzStep, tall ? np.matrixTranspose(x) : x);
  return tall ? np.matrixTranspose(wide) : wide;
}

function newtonSchulzStep(x: np.Array, [a, b, c]: Coefficients): np.Array {
  const gram = np.matmul(x.ref, np.matrixTranspose(x.ref));
  const polynomial = c === 0 ? gram.mul(b) : np.matmul(gram.ref, gram.ref).mul(c).add(gram.mul(b));
  return np.matmul(polynomial, x.ref).add(x.mul(a));
}

/** The steps and the normalization that options ask for. Throws for options that make no sense. */
export function resolveNewtonSchulz({
  coefficients = "keller",
  steps,
  mode,
  normalization = "invariant",
}: NewtonSchulzOptions): { schedule: Coefficients[]; normalization: Normalization } {
  const set = setFrom(coefficients);
  const chosen = mode === undefined ? set : { ...set, mode };
  return {
    schedule: scheduleFor(chosen, steps ?? set.steps),
    normalization: normalizationFrom(normalization, set.safety),
  };
}

type Schedule = Pick<CoefficientSet, "name" | "schedule" | "mode" | "steps" | "safety" | "maxSteps">;

function setFrom(coefficients: NonNullable<NewtonSchulzOptions["coefficients"]>): Schedule {
  if (typeof coefficients === "string") return coefficientSet(coefficients);
  if ("schedule" in coefficients) return coefficients;
  if (coefficients.length === 0)
    throw new RangeError("newtonSchulz: coefficients is an empty list; give at least one (a, b, c)");
  return {
    name: "a list of coefficients",
    schedule: coefficients,
    mode: "cycle",
    steps: coefficients.length,
    safety: 1,
  };
}
