import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { createNorm } from "../../norms/named.ts";
import { clippedMethod, clippedOptions } from "./clippedMethod.ts";

/**
 * Clipped gradient descent, for every parameter: GGNC in the Euclidean norm of all weights together.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γλ)W − γ min{1, ρ/‖d‖₂} d,   ‖d‖₂ over all layers
 *
 * State mn, 0 with momentum 0. Source: Mikolov 2012; Pethick et al. 2025, arXiv:2506.01913, Algorithm 1. The
 * averaged gradient is clipped; to clip the raw one before any method, use the option `clipGlobalNorm`.
 *
 * @example clippedGd({ learningRate: 0.1, threshold: 1 })
 */
export const clippedGd = defineOptimizer({
  name: "clipped_gd",
  family: "norm-constrained",
  summary: "Gradient descent clipped by the Euclidean norm of all gradients: the classical clipping.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W − γ min{1, ρ/‖d‖₂} d,  ‖d‖₂ over all layers",
  source: "Mikolov 2012; Pethick et al. 2025, arXiv:2506.01913, Algorithm 1",
  state: "mn (0 with momentum 0)",
  geometry: "Euclidean norm of all weights",
  computation: "O(mn)",
  when: "The classical clipping of recurrent networks as an optimizer of its own.",
  options: clippedOptions,
  recipe: (values, context) => [
    clippedMethod("clipped_gd", { normOf: () => createNorm("frobenius"), kind: "l2" }, values, context),
  ],
});
