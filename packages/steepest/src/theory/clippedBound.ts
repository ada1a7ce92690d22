import { expectNumbers } from "../core/expectNumbers.ts";
import { meanEstimatorError } from "./estimatorError.ts";
import {
  type DescentSetting,
  expectAssumption,
  expectSetting,
  expectThreshold,
  ROUNDING,
} from "./setting.ts";

/** ‖∇f(x) − ∇f(y)‖_* ≤ (L0 + L1‖∇f(x)‖_*)‖x − y‖ for ‖x − y‖ ≤ 1/L1. */
export interface RelaxedSmoothness {
  readonly l0: number;
  /** 0: f is L0-smooth. */
  readonly l1: number;
}

export interface ClippedSetting extends DescentSetting, RelaxedSmoothness {
  /** ρ > 0, the dual norm from which on steps have one length; Infinity: steepest descent. */
  readonly threshold: number;
}

/**
 * A bound on min_k ‖∇f(x_k)‖_* over n exact steps of GGNC, x ← x + γ min{ρ, ‖∇f‖_*} lmo(∇f):
 *
 *   max { √(2Δ/(γn)), 2Δ/(γρn) }
 *
 * Assumes (L0, L1)-smoothness and γ ≤ 1/(L0 + ρL1) (throws a RangeError otherwise): each step then lowers f
 * by γ/2 · min{ρ, ‖∇f‖_*}‖∇f‖_*. Theorem 4.3 of Pethick et al. 2025, arXiv:2506.01913, with what follows from
 * its descent inequality: the sum √(Δ/(γn)) + 2Δ/(γρn) without the 2 in the root fails for ρ = ∞, n = 1 on f
 * = ½x², where ‖∇f‖² = 2Δ/γ.
 */
export function clippedBound(setting: ClippedSetting): number {
  const { gap, steps, learningRate, threshold, l0, l1 } = setting;
  expectRelaxed("clippedBound", setting);
  const allowed = l1 === 0 ? 1 / l0 : 1 / (l0 + threshold * l1);
  expectAssumption(
    "clippedBound",
    learningRate <= allowed * ROUNDING,
    `γ ≤ 1/(L0 + ρL1) = ${allowed}, got ${learningRate}`,
  );
  return Math.max(
    Math.sqrt((2 * gap) / (learningRate * steps)),
    (2 * gap) / (learningRate * threshold * steps),
  );
}

/**
 * A bound on min_k ‖∇f(x_k)‖_* over n exact steps of uCG of length γρ: 2Δ/(γρn) + 2L0γρ.
 *
 * Assumes (L0, L1)-smoothness and γρ < 1/(2L1) (throws a RangeError otherwise). Theorem 4.5 of
 * arXiv:2506.01913: unlike GGNC it keeps a floor that only a shorter step lowers. `threshold` is ρ.
 */
export function relaxedConditionalGradientBound(setting: ClippedSetting): number {
  const { gap, steps, learningRate, threshold, l0, l1 } = setting;
  expectRelaxed("relaxedConditionalGradientBound", setting);
  const length = learningRate * threshold;
  expectAssumption("relaxedConditionalGradientBound", 2 * l1 * length < 1, `γρ < 1/(2 L1), got ${length}`);
  return (2 * gap) / (length * steps) + 2 * l0 * length;
}

export interface NoisyClippedSetting extends DescentSetting {
  /** L of an L-smooth f. */
  readonly smoothness: number;
  readonly threshold: number;
  readonly alpha: number | ((step: number) => number);
  /** σ: E‖g − ∇f‖_F² ≤ σ². */
  readonly sigma: number;
  /** ρ of assumption A3, `dualFactor`. */
  readonly factor: number;
}

/**
 * A bound on E min_k ‖∇f(x_k)‖_* over n steps of GGNC with an average d, d_1 = g_1:
 *
 *   2Δ/(γρn) + ρ/4 + 3 · mean E‖d_k − ∇f(x_k)‖_*
 *
 * Assumes f L-smooth, γ ≤ 1/L, unbiased noise of variance σ². With α = 1/√n, γ = 1/(L√n) and ρ of order n^−¼
 * it is O(n^−¼), the order of Theorem 4.9 of arXiv:2506.01913, whose constants are not ours: these come from
 * f(x⁺) ≤ f(x) − ½γη‖d‖_* + γη‖d − ∇f‖_*, η = min{ρ, ‖d‖_*}, and min{ρ, t}t ≥ ρt − ρ²/4.
 */
export function noisyClippedBound(setting: NoisyClippedSetting): number {
  const { gap, steps, learningRate, smoothness, threshold, alpha, sigma, factor } = setting;
  expectSetting("noisyClippedBound", setting);
  expectThreshold("noisyClippedBound", threshold);
  expectNumbers("noisyClippedBound", { smoothness }, "> 0");
  expectAssumption(
    "noisyClippedBound",
    learningRate * smoothness <= ROUNDING,
    `γ ≤ 1/L = ${1 / smoothness}, got ${learningRate}`,
  );
  const drift = smoothness * learningRate * threshold;
  const error = meanEstimatorError(steps, { alpha, noise: sigma, factor, drift });
  return (2 * gap) / (learningRate * threshold * steps) + threshold / 4 + 3 * error;
}

function expectRelaxed(bound: string, setting: ClippedSetting): void {
  const { threshold, l0, l1 } = setting;
  expectSetting(bound, setting);
  expectThreshold(bound, threshold);
  expectNumbers(bound, { l0, l1 }, "≥ 0");
}
