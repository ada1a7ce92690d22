import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { choice, flag, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { polarFrom, polarOptions } from "../../define/recipes/polarOptions.ts";
import { shapeScales } from "../../transforms/scaleByShape.ts";
import { muownStep } from "./muownStep.ts";

/**
 * Muown, for hidden weights and convolutions as [dOut, rest]: rows split into magnitude and direction, which
 * step apart.
 *
 *   W = diag(g)V/‖Vᵢ‖;   dg = Σⱼ G⊙W/g;   dV = (g/‖Vᵢ‖)(G − (W/g)dg)
 *   V ← V − η·0.2√max(m, n)·NewtonSchulz(momentum of dV);   g ← g − η·Adam(dg)
 *
 * AdamW at the same rate and decay for the rest. State mn + 4m. Source: Lion et al. 2026, arXiv:2605.10797,
 * defaults of the authors' code. The paper sees the magnitudes in their max norm, whose own step is
 * `magnitudeStep: "sign"`, g ← g − η·sign(average of dg); Adam is what its code does. NVIDIA's port is
 * `momentumForm: "ema", nesterov: false, decayOf: "magnitude"`. b1, b2 and eps are those of both Adams, on
 * magnitudes and of the rest. Row norms are floored at 1e-12, where the original divides a zero row by 0.
 *
 * @example muown({ learningRate: 1e-3 })
 */
export const muown = defineMatrixOptimizer({
  name: "muown",
  family: "manifold",
  summary:
    "Rows split into magnitude and direction: Adam steps the first, Muon the second. What drifts under Muon is learned.",
  formula:
    "W = diag(g)V/‖Vᵢ‖;  V ← V − η·0.2√max(m, n)·NewtonSchulz(momentum of dV);  g ← g − η·Adam(dg),  dg = Σⱼ G⊙W/g,  dV = (g/‖Vᵢ‖)(G − (W/g)dg)",
  source: "Lion et al. 2026, arXiv:2605.10797",
  state: "mn + 4m for hidden weights, 2mn for the rest",
  geometry: "row norms learned, spectral step of directions",
  computation: "O(m²n·T)",
  when: "Muon runs whose row norms drift: magnitudes are learned apart from directions.",
  golden: ["muown"],
  options: {
    learningRate: rate(3e-4, "learning rate η"),
    momentum: pastWeight(0.95, "momentum μ, the weight of the past"),
    nesterov: flag(true, "Nesterov's look-ahead"),
    momentumForm: choice("sum", ["sum", "ema"], "M ← μM + dV, or μM + (1−μ)dV"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    magnitudeStep: choice(
      "adam",
      ["adam", "sign"],
      "of row norms: Adam's, or the sign of their averaged gradient",
    ),
    decayOf: choice("weight", ["weight", "magnitude"], "what is shrunk by ηλ"),
    ...polarOptions(),
    ...auxiliaryOptions({
      learningRate: "same",
      weightDecay: "same",
      eps: 1e-8,
      shared: ["b1", "b2", "eps"],
    }),
  },
  recipe(options, { schedule }) {
    const transform = muownStep({
      ...options,
      schedule,
      scale: shapeScales.moonlight,
      polar: polarFrom(options),
    });
    return [{ name: "muown", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});
