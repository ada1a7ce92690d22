import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { positive, value } from "../../define/options.ts";
import { auxiliaryAdamW } from "../../define/recipes/auxiliary.ts";
import { innerDirection } from "../../define/recipes/innerDirection.ts";
import { hyperball as keepBall } from "../../transforms/weights/hyperball.ts";
import { weightControlOptions } from "./weightControlOptions.ts";

/**
 * Hyperball, for hidden weights and convolutions, seen as [dOut, rest]: every weight keeps the norm it
 * starts with, around a direction of choice.
 *
 *   W' = W − ηρ·u/‖u‖;   W ← ρ·W'/‖W'‖,   ρ = ‖W₀‖_F or `radius`
 *
 * u is the averaged gradient, Adam's or Muon's direction (`inner`); η is about the angle of a step. AdamW
 * for the rest. State: that of the direction, and 1. Source: Wen et al. 2026, arXiv:2606.16899. As a wrapper
 * of any transform: `hyperball` of steepest/transforms.
 *
 * @example hyperball({ learningRate: 0.01, inner: "muon" })
 */
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
    ...weightControlOptions,
    radius: value<number | "initial">(
      "initial",
      "> 0 and finite, or initial",
      "radius ρ: the norm weights start with, or one for all",
      (given) => (given === "initial" ? given : positive(1, "").check(given)),
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
