import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative } from "../../define/options.ts";
import { auxiliaryAdamW } from "../../define/recipes/auxiliary.ts";
import { innerDirection } from "../../define/recipes/innerDirection.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { relativeUpdate as toRelativeLength } from "../../transforms/weights/relativeUpdate.ts";
import { weightControlOptions } from "./weightControlOptions.ts";

/**
 * Relative update, for hidden weights and convolutions, seen as [dOut, rest]: steps of length η relative to
 * the weight's norm, which is left free.
 *
 *   W ← (1−ηλ)W − η·‖W‖·u/‖u‖
 *
 * u is the averaged gradient, Adam's or Muon's direction (`inner`). AdamW for the rest. State: that of the
 * direction. Source: NVIDIA-NeMo/Emerging-Optimizers weight_update_hooks; LARS and LAMB do the same to their
 * directions.
 *
 * @example relativeUpdate({ learningRate: 0.01, inner: "adam" })
 */
export const relativeUpdate = defineOptimizer({
  name: "relative_update",
  family: "manifold",
  summary:
    "Steps of length η relative to the weight's norm, which is itself left free; as LARS and LAMB for any direction.",
  formula: "W ← (1−ηλ)W − η·‖W‖·u/‖u‖",
  source: "NVIDIA-NeMo/Emerging-Optimizers weight_update_hooks",
  state: "that of the inner direction for hidden weights, 2mn for the rest",
  geometry: "‖step‖ = η‖W‖, any direction",
  computation: "O(mn)",
  when: "To give any direction LAMB's relative step without constraining the weight.",
  golden: ["relative_update_sgd"],
  options: { ...weightControlOptions, weightDecay: nonNegative(0, "weight decay λ, decoupled") },
  recipe: (options, { schedule }) => [
    {
      name: "relative_update",
      takes: hiddenWeights,
      transform: chain(
        innerDirection(options),
        toRelativeLength(),
        addDecayedWeights(options.weightDecay),
        scaleByLearningRate(options.learningRate, schedule),
      ),
    },
    auxiliaryAdamW(options, schedule),
  ],
});
