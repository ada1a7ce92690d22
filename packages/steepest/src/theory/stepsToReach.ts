import { expectNumbers } from "../core/expectNumbers.ts";

/** What is to be reached, and on which function. */
export interface Target {
  /** L of ‖∇f(x) − ∇f(y)‖_* ≤ L‖x − y‖, > 0. */
  readonly smoothness: number;
  /** Δ = f(x_1) − inf f, ≥ 0. */
  readonly gap: number;
  /** ε > 0, of min_k ‖∇f(x_k)‖_*. */
  readonly accuracy: number;
}

/** Step length η and number of steps K. */
export interface StepPlan {
  readonly learningRate: number;
  readonly steps: number;
}

/**
 * A step length and a number of steps by which steps of that length along the oracle, with exact gradients,
 * reach min_k ‖∇f(x_k)‖_* ≤ ε:
 *
 *   η = ε/L,   K = ⌈2LΔ/ε²⌉
 *
 * Lemma 6 of The Nuclear Norm and Beyond (from Corollary 1 of Kovalev 2025, arXiv:2503.12645), which gives
 * orders; the constants are those of Proposition 4.1 of arXiv:2506.01913.
 */
export function stepsToReach({ smoothness, gap, accuracy }: Target): StepPlan {
  expectTarget("stepsToReach", { smoothness, gap, accuracy });
  return {
    learningRate: accuracy / smoothness,
    steps: Math.max(1, Math.ceil((2 * smoothness * gap) / accuracy ** 2)),
  };
}

export interface NoisyTarget extends Target {
  /** σ: E‖g − ∇f‖_F² ≤ σ². */
  readonly sigma: number;
  /** ρ of assumption A3, `dualFactor`. */
  readonly factor: number;
}

/**
 * The same with noise, for E min_k ‖∇f(x_k)‖_* ≤ ε, with an average of weight α for the new gradient and d_1
 * = g_1:
 *
 *   α = min{1, ε²/(64ρ²σ²)},   η = αε/(8L),   K = ⌈max{4Δ/(ηε), 16ρσ/(αε)}⌉
 *
 * Lemma 7 of The Nuclear Norm and Beyond (from Corollary 2 of arXiv:2503.12645), which gives orders; the
 * constants make each term of Δ/(ηK) + Lη/2 + 2Lη/α + 2ρσ√α + 2ρσ/(αK) a share of ε, 15/16 in all. Without
 * noise it is `stepsToReach`.
 */
export function noisyStepsToReach(target: NoisyTarget): StepPlan & { readonly alpha: number } {
  const { smoothness, gap, accuracy, sigma, factor } = target;
  expectTarget("noisyStepsToReach", target);
  expectNumbers("noisyStepsToReach", { sigma, factor }, "≥ 0");
  const noise = factor * sigma;
  if (noise === 0) return { ...stepsToReach(target), alpha: 1 };
  const alpha = Math.min(1, accuracy ** 2 / (64 * noise ** 2));
  const learningRate = (alpha * accuracy) / (8 * smoothness);
  const steps = Math.ceil(Math.max((4 * gap) / (learningRate * accuracy), (16 * noise) / (alpha * accuracy)));
  return { learningRate, alpha, steps };
}

function expectTarget(name: string, { smoothness, gap, accuracy }: Target): void {
  expectNumbers(name, { smoothness, accuracy }, "> 0");
  expectNumbers(name, { gap }, "≥ 0");
}
