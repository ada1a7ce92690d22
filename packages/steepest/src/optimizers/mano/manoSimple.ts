import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { manifoldNormalized } from "../../transforms/manifoldNormalized.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

/**
 * Mano as its theorem has it, for hidden weights and convolutions, seen as [dOut, rest]: no momentum, unit
 * columns at every step, no decay.
 *
 *   v = G − Ŵ⟨G, Ŵ⟩₀;   W ← W − η√m·v/‖v‖₀,   Ŵ = W/‖W‖₀, columns of length m
 *
 * AdamW at the same rate for the rest. No state. Source: Gu & Xie 2026, arXiv:2601.23000, theorem.
 *
 * @example manoSimple({ learningRate: 1e-3 })
 */
export const manoSimple = defineOptimizer({
  name: "mano_simple",
  family: "manifold",
  summary: "Mano as its theorem has it: no momentum, unit columns at every step, no decay.",
  formula: "v = G − Ŵ⟨G, Ŵ⟩₀;  W ← W − η√m·v/‖v‖₀,  columns of length m",
  source: "Gu & Xie 2026, arXiv:2601.23000, theorem",
  state: "0 for hidden weights, 2mn for the rest",
  geometry: "oblique manifold, of the step",
  computation: "O(mn)",
  when: "To look at the theorem; no momentum, no decay, a fixed axis.",
  options: {
    learningRate: rate(1e-3, "learning rate η: the root mean square of a step"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: 0, eps: 1e-8 }),
  },
  recipe: (options, { schedule }) => [
    {
      name: "mano_simple",
      takes: hiddenWeights,
      transform: chain(
        manifoldNormalized({ axis: 0, scale: 1 }),
        scaleByLearningRate(options.learningRate, schedule),
      ),
    },
    auxiliaryAdamW(options, schedule),
  ],
});
