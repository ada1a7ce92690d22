import { expectNumbers } from "../core/expectNumbers.ts";
import { meanEstimatorError } from "./estimatorError.ts";
import { type DescentSetting, expectSetting } from "./setting.ts";

export interface ConditionalGradientSetting extends DescentSetting {
  /** L of ‖∇f(x) − ∇f(y)‖_* ≤ L‖x − y‖, ≥ 0. */
  readonly smoothness: number;
  /** ρ > 0: radius of the ball; every step has length γρ. Default 1. */
  readonly radius?: number;
  /** Noise of the gradients; absent: exact gradients and no average. */
  readonly noise?: {
    readonly alpha: number | ((step: number) => number);
    readonly sigma: number;
    readonly factor: number;
  };
}

/**
 * A bound on E min_k ‖∇f(x_k)‖_* over n steps of uSCG, x ← x + γρ lmo(d):
 *
 *   Δ/(γρn) + Lγρ/2 + 2 · mean E‖d_k − ∇f(x_k)‖_*
 *
 * Assumes f L-smooth in the norm and, with noise, unbiased gradients of variance σ² in the Frobenius norm and
 * d_1 = g_1. Without noise it is Proposition 4.1 of Pethick et al. 2025, arXiv:2506.01913: no condition on γ,
 * and a floor of Lγρ/2. With noise, constant α and γ = 1/√n it is O(Lρ/√n + σ), a floor that stays; with α_k
 * = 1/√k and γ = 3/(4n^¾) O(n^−¼) (Pethick et al. 2025, arXiv:2502.07529, theorems on uSCG, which give orders
 * only: the constants are those of the proof in two lines, f(x⁺) ≤ f(x) − γρ‖∇f‖_* + 2γρ‖d − ∇f‖_* +
 * L(γρ)²/2).
 */
export function uscgBound(setting: ConditionalGradientSetting): number {
  const { gap, steps, learningRate, smoothness, radius = 1, noise } = setting;
  expectSetting("uscgBound", setting);
  expectNumbers("uscgBound", { smoothness }, "≥ 0");
  expectNumbers("uscgBound", { radius }, "> 0");
  const length = learningRate * radius;
  const exact = gap / (length * steps) + (smoothness * length) / 2;
  if (noise === undefined) return exact;
  const { alpha, sigma, factor } = noise;
  const error = meanEstimatorError(steps, { alpha, noise: sigma, factor, drift: smoothness * length });
  return exact + 2 * error;
}

/**
 * A bound on E min_k of the Wolfe gap max {⟨∇f(x_k), x_k − u⟩ : ‖u‖ ≤ ρ} over n steps of SCG, x ← (1 − γ)x +
 * γρ lmo(d), γ ≤ 1, begun in the ball:
 *
 *   Δ/(γn) + 2Lγρ² + 2ρ · mean E‖d_k − ∇f(x_k)‖_*
 *
 * With Δ = f(x_1) − the least f in the ball. Assumptions and source as for `uscgBound`; a step is at most 2γρ
 * long.
 */
export function scgBound(setting: ConditionalGradientSetting): number {
  const { gap, steps, learningRate, smoothness, radius = 1, noise } = setting;
  expectSetting("scgBound", setting);
  expectNumbers("scgBound", { smoothness }, "≥ 0");
  expectNumbers("scgBound", { radius }, "> 0");
  const exact = gap / (learningRate * steps) + 2 * smoothness * learningRate * radius ** 2;
  if (noise === undefined) return exact;
  const { alpha, sigma, factor } = noise;
  const drift = 2 * smoothness * learningRate * radius;
  return exact + 2 * radius * meanEstimatorError(steps, { alpha, noise: sigma, factor, drift });
}
