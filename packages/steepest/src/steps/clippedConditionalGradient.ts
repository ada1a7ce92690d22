import { numpy as np } from "@jax-js/jax";
import { chain } from "../core/chain.ts";
import { stepsByGradients } from "../core/estimate.ts";
import type { StatelessTransform, Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree } from "../core/tree.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import type { LayerNorms } from "./layerNorms.ts";
import { layerProducts } from "./layerProducts.ts";
import { momentumEstimate } from "./momentum.ts";
import type { DecayOptions, MethodOptions } from "./steepestDescent.ts";
import { sumOfLayers } from "./sumOfLayers.ts";

export interface ClippedOptions extends MethodOptions {
  /** ρ > 0, the dual norm of the estimator from which on steps have one length; Infinity never clips. */
  readonly threshold: number;
}

/**
 * GGNC, generalized gradient norm clipping, in a norm over all layers:
 *
 *   d ← μd + (1−μ)g        x ← (1−γλ)x + γ min{ρ, ‖d‖_*} lmo(d)
 *
 * Steepest descent where ‖d‖_* < ρ, the conditional gradient of step γρ above. All layers share one factor. On an
 * (L0, L1)-smooth function every exact step descends for γ ≤ 1/(L0 + ρL1); take ρ = L0/L1.
 * ‖d‖_* is taken as −⟨d, lmo(d)⟩, which an inexact oracle underestimates as far as it falls short itself.
 * Source: Pethick et al. 2025, arXiv:2506.01913, Algorithm 1.
 */
export function clippedConditionalGradient(
  norm: LayerNorms,
  options: ClippedOptions & DecayOptions,
): Transform {
  const { learningRate, momentum = 0, momentumStart, weightDecay = 0, schedule, threshold } = options;
  return chain(
    momentumEstimate(momentum, momentumStart),
    clippedStep(norm, threshold),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
}

/** −min{ρ, ‖u‖_*} · lmo(u), one factor for the whole tree; zero stays zero. */
export function clippedStep(norm: LayerNorms, threshold: number): StatelessTransform {
  expectThreshold("clippedStep", threshold);
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params, context) {
      const direction = norm(params).lmo(refTree(updates));
      disposeTree(params);
      const dual = sumOfLayers(layerProducts(updates, refTree(direction)), direction, context).neg();
      const length = threshold === Number.POSITIVE_INFINITY ? dual : np.minimum(dual, threshold);
      const step = mapLeaves((v) => v.mul(length.ref).neg(), direction);
      length.dispose();
      return [step, state];
    },
    estimate: stepsByGradients,
  };
}

/** Throws a RangeError unless the threshold is above zero. */
export function expectThreshold(method: string, threshold: number): void {
  if (typeof threshold === "number" && threshold > 0) return;
  throw new RangeError(`${method}: the threshold ρ must be > 0, or Infinity for none; got ${threshold}`);
}
