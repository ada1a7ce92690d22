import { chain } from "../chain.ts";
import { matrixSides } from "../parameters/matrixSides.ts";
import { coefficientOption } from "../registry/coefficientOption.ts";
import { defineOptimizer, hiddenWeights } from "../registry/definition.ts";
import { choice, flag, integer, nonNegative, pastWeight, positive, rate } from "../registry/options.ts";
import { addDecayedWeights } from "../transforms/addDecayedWeights.ts";
import { ema } from "../transforms/ema.ts";
import { orthogonalize } from "../transforms/orthogonalize.ts";
import { scale as scaleBy } from "../transforms/scale.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";
import { scaleByShape, shapeScaleNames, shapeScales } from "../transforms/scaleByShape.ts";
import { trace } from "../transforms/trace.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "./auxiliary.ts";

/**
 * Defaults are Keller Jordan's. Moonlight's Muon (Liu et al. 2025, arXiv:2502.16982) is `scale: "moonlight"`,
 * `momentumForm: "sum"`, `learningRate: 1e-3`, `weightDecay: 0.1`, auxiliary rates `"same"`.
 * ‖U‖_F gets no eps (the codes add 1e-7), so that the step does not depend on the scale of gradients at all.
 * Convolutions are seen as [dOut, dIn·kh·kw] for the scale too; Jordan's code takes the last two sides there.
 */
export const muon = defineOptimizer({
  name: "muon",
  family: "norm-constrained",
  summary:
    "Momentum made semi-orthogonal: the step of the spectral norm for hidden matrices, AdamW for the rest.",
  formula:
    "M ← μM + (1−μ)G;  U = (1−μ)G + μM (nesterov) or M;  O = NewtonSchulz(U) ≈ polar(U);  W ← (1−ηλ)W − η·scale·O",
  source: "Jordan et al. 2024, kellerjordan.github.io/posts/muon",
  state: "mn for hidden weights, 2mn for the rest",
  options: {
    learningRate: rate(0.02, "η of hidden weights"),
    momentum: pastWeight(0.95, "μ"),
    nesterov: flag(true, "look ahead"),
    momentumForm: choice("ema", ["ema", "sum"], "M ← μM + (1−μ)G, or μM + G; the same step but for rounding"),
    weightDecay: nonNegative(0, "λ"),
    weightDecayMode: choice(
      "decoupled",
      ["decoupled", "l2"],
      "the weight shrunk by ηλ, or λW added to the gradient",
    ),
    scale: choice(
      "shape",
      shapeScaleNames,
      "factor on O: √max(1, A/B), 0.2√max(A, B), √max(A, B), √(A/B) or 1",
    ),
    extraScale: positive(1, "a further factor on O"),
    polar: choice("newtonSchulz", ["newtonSchulz", "svd"], "how O is found"),
    coefficients: coefficientOption("keller"),
    steps: integer(5, 1, "Newton-Schulz iterations"),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-10 }),
  },
  recipe(options, { schedule }) {
    const { learningRate, momentum, nesterov, momentumForm, weightDecay, weightDecayMode } = options;
    const { scale, extraScale, polar, coefficients, steps } = options;
    const hidden = chain(
      addDecayedWeights(weightDecayMode === "l2" ? weightDecay : 0),
      momentumForm === "ema" ? ema(momentum, { nesterov }) : trace(momentum, { nesterov }),
      orthogonalize(polar === "svd" ? "svd" : { coefficients, steps }),
      scaleByShape(scale),
      scaleBy(extraScale),
      addDecayedWeights(weightDecayMode === "decoupled" ? weightDecay : 0),
      scaleByLearningRate(learningRate, schedule),
    );
    return [
      {
        name: "muon",
        takes: hiddenWeights,
        transform: hidden,
        scale: ({ shape }) => shapeScales[scale](...matrixSides(shape)) * extraScale,
      },
      auxiliaryAdamW(options, schedule, { epsBeforeCorrection: momentumForm === "sum" }),
    ];
  },
});
