import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { bothAxes } from "./bothAxes.ts";

/**
 * Mano-V2 on both axes, for hidden weights and convolutions, seen as [dOut, rest]: projected and normalised
 * along columns and rows at every step.
 *
 *   M ← μM + G;   g = G + μM;   u = g − W⟨g, W⟩ₐ;   u ← u − W⟨u, W⟩_b;   u ← u/‖u‖ₐ;   u ← u/‖u‖_b
 *   W ← (1−ηλ)W − η·0.2√n_b·u,   a the other axis than b, which alternates
 *
 * AdamW at the same rate and decay for the rest. State mn. Source: README of Gu & Xie's repository, 2026,
 * which gives no scale: 0.2√n_b is that of Mano for the last normalisation.
 *
 * @example manoV2Both({ learningRate: 1e-3 })
 */
export const manoV2Both = defineOptimizer({
  name: "mano_v2_both",
  family: "manifold",
  summary: "Mano-V2 projecting and normalising along both axes at every step, in alternating order.",
  formula:
    "M ← μM + G;  g = G + μM;  u = g − W⟨g, W⟩ₐ;  u = u − W⟨u, W⟩_b;  u = u/‖u‖ₐ;  u = u/‖u‖_b;  W ← (1−ηλ)W − η·0.2√n_b·u",
  source: "README of Gu & Xie's repository, 2026",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "both oblique manifolds, of the step",
  computation: "O(mn)",
  when: "Both axes at every step for about twice Mano's work: steps nearer to equal rows and columns.",
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    momentum: pastWeight(0.95, "momentum μ of M ← μM + G"),
    nesterov: flag(true, "project G + μM instead of M"),
    weightDecay: nonNegative(0.1, "weight decay λ, decoupled"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8, shared: ["eps"] }),
  },
  recipe(options, { schedule }) {
    const { learningRate, momentum, nesterov, weightDecay, eps } = options;
    const transform = chain(
      trace(momentum, { nesterov }),
      bothAxes(eps),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [
      { name: "mano_v2_both", takes: hiddenWeights, transform },
      auxiliaryAdamW(options, schedule, { epsBeforeCorrection: true }),
    ];
  },
});
