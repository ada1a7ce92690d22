import { expectNumbers } from "../core/expectNumbers.ts";
import { meanEstimatorError } from "./estimatorError.ts";
import {
  type DescentSetting,
  expectAssumption,
  expectSetting,
  expectThreshold,
  ROUNDING,
} from "./setting.ts";

export interface ShortStepSetting extends DescentSetting {
  /** L of an f that is L-smooth in the ball. */
  readonly smoothness: number;
  /** ρ > 0, the largest η; γρ ≤ 1. */
  readonly threshold: number;
  /** β > 0: radius of the ball. */
  readonly radius: number;
}

/**
 * A bound on min_k of the Wolfe gap over n exact steps of the clipped short step, begun in the ball ‖x‖ ≤ β:
 *
 *   max { 2β √(2Δ/(γn)), 2Δ/(γρn) }
 *
 * Assumes f L-smooth in the ball, γ ≤ 1/L and γρ ≤ 1 (throws a RangeError otherwise); either variant of the
 * step. Theorem 4.7 of Pethick et al. 2025, arXiv:2506.01913, as it follows from its descent inequality, see
 * `clippedBound`. Δ = f(x_1) − the least f in the ball.
 */
export function shortStepBound(setting: ShortStepSetting): number {
  const { gap, steps, learningRate, threshold, radius } = setting;
  expectShortStep("shortStepBound", setting);
  const short = 2 * radius * Math.sqrt((2 * gap) / (learningRate * steps));
  return Math.max(short, (2 * gap) / (learningRate * threshold * steps));
}

export interface NoisyShortStepSetting extends ShortStepSetting {
  readonly alpha: number | ((step: number) => number);
  /** σ: E‖g − ∇f‖_F² ≤ σ². */
  readonly sigma: number;
  /** ρ of assumption A3, `dualFactor`. */
  readonly factor: number;
}

/**
 * A bound on E min_k of the Wolfe gap over n steps of the short step with an average d, d_1 = g_1:
 *
 *   2Δ/(γρn) + β²ρ + 6β · mean E‖d_k − ∇f(x_k)‖_*
 *
 * Assumptions of `shortStepBound` and unbiased noise of variance σ². With α = 1/√n, γ = 1/(L√n) and ρ = n^−¼
 * it is O(n^−¼), the order of Theorem 4.11 of arXiv:2506.01913; the constants are those of f(x⁺) ≤ f(x) −
 * γη⟨d, v⟩/2 + 2βγη‖d − ∇f‖_*.
 */
export function noisyShortStepBound(setting: NoisyShortStepSetting): number {
  const { gap, steps, learningRate, smoothness, threshold, radius, alpha, sigma, factor } = setting;
  expectShortStep("noisyShortStepBound", setting);
  const drift = 2 * smoothness * learningRate * threshold * radius;
  const error = meanEstimatorError(steps, { alpha, noise: sigma, factor, drift });
  return (2 * gap) / (learningRate * threshold * steps) + radius ** 2 * threshold + 6 * radius * error;
}

function expectShortStep(bound: string, setting: ShortStepSetting): void {
  const { learningRate, smoothness, threshold, radius } = setting;
  expectSetting(bound, setting);
  expectThreshold(bound, threshold);
  expectNumbers(bound, { smoothness, radius }, "> 0");
  expectAssumption(
    bound,
    learningRate * smoothness <= ROUNDING,
    `γ ≤ 1/L = ${1 / smoothness}, got ${learningRate}`,
  );
  expectAssumption(
    bound,
    learningRate * threshold <= ROUNDING,
    `γρ ≤ 1, or weights leave the ball; got ${learningRate * threshold}`,
  );
}
