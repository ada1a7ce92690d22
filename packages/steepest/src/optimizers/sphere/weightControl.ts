import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, nonNegative, pastWeight, rate, value } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { innerDirection, innerNames } from "../../define/recipes/innerDirection.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { hyperball as keepBall } from "../../transforms/weights/hyperball.ts";
import { radialBrake as brake } from "../../transforms/weights/radialBrake.ts";
import { relativeUpdate as toRelativeLength } from "../../transforms/weights/relativeUpdate.ts";

const shared = {
  learningRate: rate(1e-2, "η: the length of a step relative to ‖W‖"),
  inner: choice("momentum", innerNames, "whose direction: averaged gradients, Adam or Muon"),
  momentum: pastWeight(0.95, "μ of the average, for momentum and muon"),
  ...auxiliaryOptions({ learningRate: 6e-4, weightDecay: 0, eps: 1e-8 }),
};

export const hyperball = defineOptimizer({
  name: "hyperball",
  family: "manifold",
  summary:
    "Every hidden weight stays on the sphere it starts on, and turns by about η a step, whatever the inner method.",
  formula: "W' = W − ηρ·u/‖u‖;  W ← ρ·W'/‖W'‖,  ρ = ‖W₀‖_F or given",
  source: "Wen et al. 2026, arXiv:2606.16899",
  state: "that of the inner direction + 1 for hidden weights, 2mn for the rest",
  geometry: "Frobenius sphere, any direction",
  computation: "O(mn)",
  when: "Instead of weight decay, around a direction of one's choice: η is the angle of a step, and carries over between widths and depths.",
  golden: ["hyperball_sgd"],
  options: {
    ...shared,
    radius: value<number | "initial">(
      "initial",
      "> 0, or initial",
      "ρ: the norm weights start with, or one for all",
      (given) => (given === "initial" || (typeof given === "number" && given > 0) ? given : undefined),
    ),
  },
  recipe: (options, { schedule }) => [
    {
      name: "hyperball",
      takes: hiddenWeights,
      transform: keepBall(innerDirection(options), { ...options, schedule }),
    },
    auxiliaryAdamW(options, schedule),
  ],
});

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
  options: { ...shared, weightDecay: nonNegative(0, "λ, decoupled") },
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
    ...shared,
    learningRate: rate(1e-3, "η"),
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
        brake({ outward: options.outward, inward: options.inward }),
      ),
    },
    auxiliaryAdamW(options, schedule),
  ],
});
