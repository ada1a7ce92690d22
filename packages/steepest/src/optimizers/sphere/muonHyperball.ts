import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { choice, flag, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { orthogonalizeBy } from "../../define/recipes/muonRecipe.ts";
import { polarOptions } from "../../define/recipes/polarOptions.ts";
import { ema } from "../../transforms/ema.ts";
import { scaleByAdam } from "../../transforms/scaleByAdam.ts";
import { trace } from "../../transforms/trace.ts";
import { hyperball } from "../../transforms/weights/hyperball.ts";
import { headStart, headStartOption } from "./headStart.ts";

/**
 * MuonH, for hidden weights and convolutions as [dOut, rest]: Muon's direction, with every weight kept at the
 * norm it starts with.
 *
 *   M ← μM + G;   u = NewtonSchulz(G + μM);   W' = W − ηρ·u/‖u‖;   W ← ρ·W'/‖W'‖,   ρ = ‖W₀‖_F
 *
 * AdamH for the head, AdamW for the rest. State mn + 1. Source: Wen et al. 2026, arXiv:2606.16899. Ours: by
 * default the head starts with rows of length 1 on average instead of the model's smaller ones, whose logits
 * could never grow (`initialize`).
 *
 * @example muonHyperball({ learningRate: 0.01 })
 */
export const muonHyperball = defineMatrixOptimizer({
  name: "muon_hyperball",
  family: "manifold",
  summary: "MuonH: Muon's direction with hidden weights kept at their initial norm; the head is AdamH's.",
  formula: "M ← μM + G;  u = NewtonSchulz(G + μM);  W' = W − ηρ·u/‖u‖;  W ← ρ·W'/‖W'‖,  ρ = ‖W₀‖_F",
  source: "Wen et al. 2026, arXiv:2606.16899",
  state: "mn + 1 for hidden weights, 2mn + 1 for the head, 2mn for the rest",
  geometry: "Frobenius sphere, spectral norm",
  computation: "O(m²n·T)",
  when: "Muon without a decay to tune: hidden weights keep their norm under Muon's direction, the head under Adam's.",
  golden: ["muon_hyperball"],
  options: {
    learningRate: rate(1e-2, "learning rate η: about the angle of a step"),
    momentum: pastWeight(0.95, "momentum μ, the weight of the past"),
    nesterov: flag(true, "Nesterov's look-ahead"),
    momentumForm: choice("sum", ["sum", "ema"], "M ← μM + G, or μM + (1−μ)G; the same step but for rounding"),
    initialize: headStartOption,
    ...polarOptions(),
    ...auxiliaryOptions({ learningRate: 6e-4, weightDecay: 0, eps: 1e-8, shared: ["b1", "b2", "eps"] }),
  },
  recipe(options, { schedule }) {
    const { learningRate, momentum, nesterov, momentumForm, b1, b2, eps } = options;
    const average = momentumForm === "sum" ? trace(momentum, { nesterov }) : ema(momentum, { nesterov });
    return [
      {
        name: "muon_hyperball",
        takes: hiddenWeights,
        transform: hyperball(chain(average, orthogonalizeBy(options)), {
          learningRate,
          schedule,
        }),
      },
      {
        name: "adam_hyperball",
        takes: ({ role }) => role === "head",
        initialize: headStart(options.initialize),
        transform: hyperball(scaleByAdam({ b1, b2, eps }), { learningRate, schedule }),
      },
      auxiliaryAdamW(options, schedule),
    ];
  },
});
