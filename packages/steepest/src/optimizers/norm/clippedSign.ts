import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { createNorm } from "../../norms/named.ts";
import { clippedMethod, clippedOptions } from "./clippedMethod.ts";

/**
 * Clipped sign descent, for every parameter: GGNC in the max norm of all weights together.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γλ)W − γ min{ρ, ‖d‖₁} sign(d),   ‖d‖₁ over all layers
 *
 * State mn, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2506.01913, Algorithm 1.
 *
 * @example clippedSign({ learningRate: 1e-3, threshold: 1 })
 */
export const clippedSign = defineOptimizer({
  name: "clipped_sign",
  family: "norm-constrained",
  summary: "Sign descent whose step shrinks with the sum of absolute gradients once that is below ρ.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W − γ min{ρ, ‖d‖₁} sign(d),  ‖d‖₁ over all layers",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 1",
  state: "mn (0 with momentum 0)",
  geometry: "max norm",
  computation: "O(mn)",
  when: "Sign descent whose steps vanish with the gradient instead of circling the optimum.",
  options: clippedOptions,
  recipe: (values, context) => [
    clippedMethod("clipped_sign", { normOf: () => createNorm("max"), kind: "max" }, values, context),
  ],
});
