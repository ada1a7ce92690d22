import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { choice, positive } from "../../define/options.ts";
import { auxiliaryAdamW } from "../../define/recipes/auxiliary.ts";
import { createManifold, type ManifoldName, manifoldNames } from "../../manifolds/named.ts";
import { createNorm } from "../../norms/named.ts";
import { constrainedDescent } from "./constrainedDescent.ts";
import { constrainedDescentOptions } from "./constrainedDescentOptions.ts";

const normNames = ["frobenius", "operator", "columns", "rownorm_input", "sign"] as const;

/**
 * MCSD, manifold constrained steepest descent, for hidden weights and convolutions, seen as [dOut, rest]:
 * the oracle of any norm, then a projection.
 *
 *   M ← μM + (1−μ)G;   ξ = tangent part of M at W;   W ← N(W + η·lmo(ξ)),   N the nearest point of the manifold
 *
 * AdamW for the rest. State mn, 0 with momentum 0. Source: Yang & Lai 2026, arXiv:2601.21487, from its
 * abstract and summaries: no official code was found.
 *
 * @example mcsd({ learningRate: 0.01, manifold: "stiefel", norm: "operator" })
 */
export const mcsd = defineMatrixOptimizer({
  name: "mcsd",
  family: "manifold",
  summary:
    "Steepest descent in any norm with weights on a manifold: one oracle of the ambient space, then a projection.",
  formula:
    "M ← μM + (1−μ)G;  ξ = tangent part of M at W;  W ← N(W + η·lmo(ξ)),  N the nearest point of the manifold",
  source: "Yang & Lai 2026, arXiv:2601.21487",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "any manifold, any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Weights constrained to a manifold, with the oracle of any norm for the step and no inner iteration.",
  options: {
    ...constrainedDescentOptions,
    manifold: choice<ManifoldName>("sphere", manifoldNames, "where hidden weights live"),
    norm: choice("frobenius", normNames, "whose oracle makes the step"),
    vectors: choice("columns", ["columns", "rows"], "the vectors of unit length on the oblique manifold"),
    radius: positive(1, "radius of the sphere"),
  },
  recipe(options, { schedule }) {
    const manifold = createManifold(options.manifold, options);
    const norm = createNorm(
      options.norm,
      options.norm === "operator" ? { polar: { method: "polarExpress", steps: 8 } } : {},
    );
    const transform = constrainedDescent(manifold, norm, options, schedule);
    return [{ name: "mcsd", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});
