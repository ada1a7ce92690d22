import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, nonNegative, rate } from "../../define/options.ts";
import { auxiliaryAdamW } from "../../define/recipes/auxiliary.ts";
import { innerDirection, innerNames } from "../../define/recipes/innerDirection.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { brakeRadially } from "./brakeRadially.ts";
import { weightControlOptions } from "./weightControlOptions.ts";

/**
 * Radial brake, for hidden weights and convolutions, seen as [dOut, rest]: any direction, with a part of the
 * change of ‖W‖ let through.
 *
 *   W' = W − ηu;   W ← W'·(‖W‖ + s(‖W'‖ − ‖W‖))/‖W'‖,   s = `outward` where the norm grows, else `inward`
 *
 * u is the averaged gradient, Adam's or Muon's direction (`inner`). AdamW for the rest. State: that of the
 * direction. Source: NVIDIA-NeMo/Emerging-Optimizers weight_update_hooks, half of the growth and all of the
 * shrinking.
 *
 * @example radialBrake({ learningRate: 1e-3, outward: 0.5 })
 */
export const radialBrake = defineOptimizer({
  name: "radial_brake",
  family: "manifold",
  summary:
    "Any direction, with only a part of the change of ‖W‖ let through: half outward, all inward by default.",
  formula: "W' = W − ηu;  W ← W'·(‖W‖ + s(‖W'‖ − ‖W‖))/‖W'‖,  s = outward where the norm grows, else inward",
  source: "NVIDIA-NeMo/Emerging-Optimizers weight_update_hooks",
  state: "that of the inner direction for hidden weights, 2mn for the rest",
  geometry: "‖W‖ damped, any direction",
  computation: "O(mn)",
  when: "Weights that grow slowly under a fixed step length: only a part of the growth is let through.",
  golden: ["radial_brake_sgd"],
  options: {
    ...weightControlOptions,
    learningRate: rate(1e-3, "learning rate η"),
    inner: choice("muon", innerNames, "whose direction: averaged gradients, Adam or Muon"),
    outward: nonNegative(0.5, "share of a growing norm that is let through"),
    inward: nonNegative(1, "share of a shrinking norm that is let through"),
  },
  recipe: (options, { schedule }) => [
    {
      name: "radial_brake",
      takes: hiddenWeights,
      transform: chain(
        innerDirection(options),
        scaleByLearningRate(options.learningRate, schedule),
        brakeRadially({ outward: options.outward, inward: options.inward }),
      ),
    },
    auxiliaryAdamW(options, schedule),
  ],
});
