import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { choice, pastWeight, positive, rate } from "../../define/options.ts";
import { methodOfAllLayers } from "../../define/recipes/methodOfAllLayers.ts";
import { normChoice, scionRadii } from "../../define/recipes/normChoice.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { type ShortStepVariant, shortStepDirection } from "../../steps/shortStep.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

/**
 * S³CG, Frank-Wolfe with a clipped short step, for every parameter in the ball of a norm of choice: steps
 * shrink near a constrained optimum.
 *
 *   d ← μd + (1−μ)G;   V = W − β·r·lmo(d);   W ← W − γηV
 *   η = min{ρ, ⟨d,V⟩/4β²} or, with variant "primalNorm", min{ρ, ⟨d,V⟩/‖V‖²}, over all layers
 *
 * State mn, 0 with momentum 0. Source: Pethick et al. 2025, arXiv:2506.01913, Algorithm 2. The ball is that
 * of the max product: every layer within its own radius r, all times `ball`.
 *
 * @example s3cg({ learningRate: 1e-2, norm: "spectral", ball: 10 })
 */
export const s3cg = defineMatrixOptimizer({
  name: "s3cg",
  family: "norm-constrained",
  summary:
    "Frank-Wolfe with a clipped short step: stays in the ball and moves less near a constrained optimum.",
  formula:
    "d ← μd + (1−μ)G;  V = W − β·r·lmo(d);  η = min{ρ, ⟨d,V⟩/4β²} or min{ρ, ⟨d,V⟩/‖V‖²}, over all " +
    "layers;  W ← W − γηV",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 2",
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Constrained problems whose optimum is to be reached, not circled.",
  options: {
    learningRate: rate(1e-2, "learning rate γ, with γρ ≤ 1; 1/L in theory"),
    momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
    threshold: positive(1, "ρ: the largest η; L in theory"),
    ball: positive(1, "β: radius of the ball, times each layer's own"),
    variant: choice<ShortStepVariant>(
      "diameter",
      ["diameter", "primalNorm"],
      "⟨d,V⟩ over 4β², or over ‖V‖² (an SVD for spectral norms)",
    ),
    ...normChoice(scionRadii),
  },
  recipe({ threshold, ball, variant }, context) {
    const { schedule, grouped } = context;
    const shared = ["threshold", "ball", "variant"];
    return [
      methodOfAllLayers({ name: "s3cg", shared, ball, sums: variant === "diameter" }, context, (norm) =>
        chain(
          grouped.each(({ momentum }) => momentumEstimate(momentum)),
          shortStepDirection(norm, { threshold, variant, radius: ball }),
          grouped.each(({ learningRate }) => scaleByLearningRate(learningRate, schedule)),
        ),
      ),
    ];
  },
});
