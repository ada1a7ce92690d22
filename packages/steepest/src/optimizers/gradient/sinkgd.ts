import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { integer, nonNegative, positive, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scale } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { sinkhorn } from "../../transforms/sinkhorn.ts";

/**
 * SinkGD, for hidden weights m × n: the gradient with rows and columns brought to equal lengths in turn.
 * AdamW for the rest.
 *
 *   X = G;   L times: X ← √n·rows of X at unit length, X ← √m·columns of X at unit length
 *   W ← (1−ηλ)W − η·scale·X
 *
 * State 0 for hidden weights. Source: Scetbon, Ma, Gong & Meeds 2025, arXiv:2502.06742; there is no official
 * code. One rate for all parameters, as in the paper: hidden weights move by `scale` times it.
 *
 * @example sinkgd({ learningRate: 0.02 })
 */
export const sinkgd = defineMatrixOptimizer({
  name: "sinkgd",
  family: "norm-constrained",
  summary: "The gradient with rows and columns of equal length, without state; AdamW for the rest.",
  formula:
    "L times: X ← √n·rows of X at unit length, X ← √m·columns at unit length, from X = G;  " +
    "W ← (1−ηλ)W − 0.05ηX",
  source: "Scetbon, Ma, Gong & Meeds 2025, arXiv:2502.06742 (no official code)",
  state: "0 for hidden weights, 2mn for the rest",
  geometry: "rows and columns in turn",
  computation: "O(mn·T)",
  when: "Large batches, with neither state nor matrix products for hidden weights.",
  options: {
    learningRate: rate(0.02, "learning rate η"),
    scale: positive(0.05, "factor on η for hidden weights"),
    steps: integer(5, 1, "L: how often rows and columns are normalised"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
  },
  recipe: (values, { schedule }) => [
    {
      name: "sinkgd",
      takes: hiddenWeights,
      transform: chain(
        sinkhorn({ steps: values.steps }),
        scale(values.scale),
        addDecayedWeights(values.weightDecay),
        scaleByLearningRate(values.learningRate, schedule),
      ),
      scale: () => values.scale,
    },
    auxiliaryAdamW(values, schedule),
  ],
});
