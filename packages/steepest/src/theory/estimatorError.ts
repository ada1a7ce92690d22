import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

/** Noise of a gradient, and how fast the gradient changes on the way. */
export interface EstimatorSetting {
  /** α_k in (0, 1] of step k = 1, 2, …: the weight of the new gradient, 1 − momentum. A number: the same at every step. */
  readonly alpha: number | ((step: number) => number);
  /** σ ≥ 0: E‖g − ∇f‖_F² ≤ σ². */
  readonly noise: number;
  /** ρ of assumption A3, `dualFactor`. */
  readonly factor: number;
  /** Largest change of the exact gradient in a step, in the dual norm: L times the longest step. */
  readonly drift: number;
}

/**
 * The mean over k = 1 … n of a bound on E‖d_k − ∇f(x_k)‖_*, for d_k = (1 − α_k) d_{k−1} + α_k g_k with d_1 =
 * g_1:
 *
 *   bias      b_k = (1 − α_k)(b_{k−1} + drift),  b_1 = 0
 *   variance  s_k² = (1 − α_k)² s_{k−1}² + α_k² σ²,  s_1 = σ
 *   bound     b_k + ρ s_k
 *
 * Noise must be unbiased and independent from step to step. With constant α it tends to drift (1 − α)/α + ρσ
 * √(α/(2 − α)): what an average cannot remove without becoming stale. Assumptions A1 and A3 of The Nuclear
 * Norm and Beyond; 4.8 of arXiv:2506.01913.
 */
export function meanEstimatorError(steps: number, setting: EstimatorSetting): number {
  const { alpha, noise, factor, drift } = setting;
  expectWhole("meanEstimatorError", { steps }, 1);
  expectNumbers("meanEstimatorError", { noise, factor, drift }, "≥ 0");
  let [bias, variance, sum] = [0, noise * noise, factor * noise];
  for (let k = 2; k <= steps; k++) {
    const fresh = typeof alpha === "function" ? alpha(k) : alpha;
    expectNumbers("meanEstimatorError", { alpha: fresh }, "(0, 1]");
    bias = (1 - fresh) * (bias + drift);
    variance = (1 - fresh) ** 2 * variance + fresh * fresh * noise * noise;
    sum += bias + factor * Math.sqrt(variance);
  }
  return sum / steps;
}
