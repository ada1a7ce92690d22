import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { scaleByAdam } from "../../transforms/scaleByAdam.ts";
import { hyperball } from "../../transforms/weights/hyperball.ts";
import { headStart, headStartOption } from "./headStart.ts";

/**
 * AdamH, for hidden weights, convolutions and the head: Adam's direction, with every weight kept at the norm
 * it starts with.
 *
 *   u = m̂/(√v̂ + eps);   W' = W − ηρ·u/‖u‖;   W ← ρ·W'/‖W'‖,   ρ = ‖W₀‖_F
 *
 * AdamW for the rest; b1, b2 and eps are those of both. State 2mn + 1. Source: Wen et al. 2026,
 * arXiv:2606.16899. Ours: by default the head starts with rows of length 1 on average instead of the model's
 * smaller ones, whose logits could never grow (`initialize`).
 *
 * @example adamHyperball({ learningRate: 0.01 })
 */
export const adamHyperball = defineOptimizer({
  name: "adam_hyperball",
  family: "manifold",
  summary:
    "AdamH: Adam's direction, with hidden weights and the head kept at their initial norm; no weight decay to tune.",
  formula: "u = m̂/(√v̂ + eps);  W' = W − ηρ·u/‖u‖;  W ← ρ·W'/‖W'‖,  ρ = ‖W₀‖_F",
  source: "Wen et al. 2026, arXiv:2606.16899",
  state: "2mn + 1 for hidden weights and head, 2mn for the rest",
  geometry: "Frobenius sphere, Diag(v)",
  computation: "O(mn)",
  when: "AdamW without a decay to tune. Start from η = √(η λ) of a tuned AdamW.",
  options: {
    learningRate: rate(1e-2, "learning rate η: about the angle of a step"),
    initialize: headStartOption,
    ...auxiliaryOptions({ learningRate: 6e-4, weightDecay: 0, eps: 1e-8, shared: ["b1", "b2", "eps"] }),
  },
  recipe(options, { schedule }) {
    const { learningRate, b1, b2, eps } = options;
    return [
      {
        name: "adam_hyperball",
        takes: (parameter) => hiddenWeights(parameter) || parameter.role === "head",
        initialize: headStart(options.initialize),
        transform: hyperball(scaleByAdam({ b1, b2, eps }), { learningRate, schedule }),
      },
      auxiliaryAdamW(options, schedule),
    ];
  },
});
