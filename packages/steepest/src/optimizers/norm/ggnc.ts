import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice } from "../../define/options.ts";
import { methodOfAllLayers } from "../../define/recipes/methodOfAllLayers.ts";
import { normChoice, unitRadii } from "../../define/recipes/normChoice.ts";
import type { ProductKind } from "../../norms/product.ts";
import { clippedChain } from "./clippedChain.ts";
import { clippedOptions } from "./clippedMethod.ts";

/**
 * GGNC, generalized gradient norm clipping, for every parameter in a norm of choice: steepest descent for
 * small gradients, steps of one length for large ones.
 *
 *   d ← μd + (1−μ)G;   W ← (1−γλ)W + γ min{ρ, ‖d‖_*}·r·lmo(d),   ‖d‖_* over all layers
 *
 * r is the layer's radius. State mn, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2506.01913,
 * Algorithm 1. All layers share their factor, whatever
 * group they are in.
 *
 * @example ggnc({ learningRate: 1e-3, threshold: 1, norm: "spectral" })
 */
export const ggnc = defineMatrixOptimizer({
  name: "ggnc",
  family: "norm-constrained",
  summary:
    "Gradient clipping in any norm: steepest descent for small gradients, steps of one length for large.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W + γ min{ρ, ‖d‖_*}·r·lmo(d),  ‖d‖_* over all layers",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 1",
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when:
    "Where gradients vary by orders of magnitude: large ones give steps of one length, small ones " +
    "steepest descent.",
  options: {
    ...clippedOptions,
    product: choice<ProductKind>("max", ["max", "l2"], "how the layers' norms make one norm"),
    ...normChoice(unitRadii, "model"),
  },
  recipe: ({ product, threshold }, context) => [
    methodOfAllLayers({ name: "ggnc", shared: ["threshold", "product"], kind: product }, context, (norm) =>
      clippedChain(context, norm, threshold),
    ),
  ],
});
