import { numpy as np } from "@jax-js/jax";
import { chain } from "../core/chain.ts";
import { stepsByGradients } from "../core/estimate.ts";
import { expectNumbers } from "../core/expectNumbers.ts";
import type { StatelessTransform, Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../core/tree.ts";
import type { TreeNorm } from "../norms/product.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { type ClippedOptions, expectThreshold } from "./clippedConditionalGradient.ts";
import type { LayerNorms } from "./layerNorms.ts";
import { layerProducts } from "./layerProducts.ts";
import { momentumEstimate } from "./momentum.ts";
import { sumOfLayers } from "./sumOfLayers.ts";

/** What ⟨d, v⟩ is divided by: ‖v‖², or its bound (2β)², which needs no primal norm. */
export type ShortStepVariant = "primalNorm" | "diameter";

export interface ShortStepBall {
  /** ρ > 0, the largest η; with γρ ≤ 1 weights stay in the ball. */
  readonly threshold: number;
  /** β > 0, the radius of the ball. Default 1. */
  readonly radius?: number;
  /** Default "diameter". */
  readonly variant?: ShortStepVariant;
}

export type ShortStepOptions = ClippedOptions & ShortStepBall;

/**
 * S³CG, the stochastic short step: a clipped Frank-Wolfe method in the ball ‖x‖ ≤ β.
 *
 *   d ← μd + (1−μ)g      v = x − β lmo(d)      x ← x − γηv
 *   "primalNorm" (variant 1)  η = min{ρ, ⟨d, v⟩/‖v‖²}          "diameter" (variant 2)  η = min{ρ, ⟨d, v⟩/4β²}
 *
 * For weights in the ball ⟨d, v⟩ ≥ 0; outside it η is kept at 0 or above. γ stands for 1/L and ρ for L: with exact
 * gradients f falls for γ ≤ 1/L, and weights stay in the ball for γρ ≤ 1. Variant 1 costs one primal norm a step,
 * an SVD for spectral norms; its steps are the longer ones.
 * Source: Pethick et al. 2025, arXiv:2506.01913, Algorithm 2.
 */
export function shortStep(norm: LayerNorms, options: ShortStepOptions): Transform {
  const { learningRate, momentum = 0, momentumStart, schedule, ...ball } = options;
  return chain(
    momentumEstimate(momentum, momentumStart),
    shortStepDirection(norm, ball),
    scaleByLearningRate(learningRate, schedule),
  );
}

/** η · v, to be scaled by −γ. */
export function shortStepDirection(
  norm: LayerNorms,
  { threshold, radius = 1, variant = "diameter" }: ShortStepBall,
): StatelessTransform {
  expectThreshold("shortStep", threshold);
  expectNumbers("shortStep", { radius }, "> 0");
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params, context) {
      const product = norm(params);
      const away = mapLeaves((x, v) => x.sub(v.mul(radius)), params, product.lmo(refTree(updates)));
      const gap = sumOfLayers(layerProducts(updates, refTree(away)), away, context);
      const short = variant === "diameter" ? gap.div(4 * radius * radius) : perSquare(gap, product, away);
      const eta = np.clip(short, 0, threshold);
      const step = mapLeaves((v) => v.mul(eta.ref), away);
      eta.dispose();
      return [step, state];
    },
    estimate: stepsByGradients,
  };
}

/** gap / ‖v‖², and 0 for v = 0. Consumes gap, borrows v. */
function perSquare(gap: np.Array, norm: TreeNorm, v: Tree): np.Array {
  const square = np.square(norm.value(refTree(v)));
  return gap.div(np.where(square.ref.greater(0), square, 1));
}
