import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { methodOfAllLayers } from "../../define/recipes/methodOfAllLayers.ts";
import { methodPerRule, normChoice, normRules, unitRadii } from "../../define/recipes/normChoice.ts";
import { scaled } from "../../norms/defineNorm.ts";
import type { ProductKind } from "../../norms/product.ts";
import { steepestDescent } from "../../steps/steepestDescent.ts";
import { clippedChain } from "./clippedChain.ts";

/**
 * Steepest descent, for every parameter in a norm of choice: the conditional gradient times the gradient's
 * dual norm.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γλ)W + γ‖d‖_*·ρ·lmo(d),   ‖·‖_* of norm/ρ
 *
 * State 0, mn with momentum. Source: Kelner et al. 2014; Carlson et al. 2015; conventions of Pethick et al.
 * 2025, arXiv:2502.07529. With product "l2" every layer moves by its own dual norm; with "max" by the sum of
 * all layers' dual norms, which is `ggnc` that never clips.
 *
 * @example sd({ learningRate: 0.1, norm: "spectral" })
 */
export const sd = defineMatrixOptimizer({
  name: "sd",
  family: "norm-constrained",
  summary: "Steepest descent in any norm: the conditional gradient times the dual norm of the gradient.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W + γ‖d‖_*·ρ·lmo(d),  ‖·‖_* of norm/ρ",
  source: "Kelner et al. 2014; Carlson et al. 2015; conventions of Pethick et al. 2025, arXiv:2502.07529",
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when:
    "Smooth problems with a known smoothness constant: steps shrink with the gradient. For noisy " +
    "training a step of fixed length is better.",
  options: {
    learningRate: rate(1e-3, "learning rate γ, below 2/L"),
    momentum: pastWeight(0, "momentum μ, the weight of the past"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    product: choice<ProductKind>("l2", ["l2", "max"], "how the layers' norms make one norm"),
    ...normChoice(unitRadii, "model"),
  },
  recipe(values, context) {
    if (values.product === "max")
      return [
        methodOfAllLayers({ name: "sd", shared: ["product"] }, context, (norm) =>
          clippedChain(context, norm, Number.POSITIVE_INFINITY),
        ),
      ];
    return methodPerRule(normRules(values), (norm, radius) =>
      steepestDescent(scaled(norm, radius), { ...values, schedule: context.schedule }),
    );
  },
});
