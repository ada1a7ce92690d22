import { chain } from "../chain.ts";
import { unconstrainedConditionalGradient } from "../methods/unconstrainedConditionalGradient.ts";
import { frobenius } from "../norms/frobenius.ts";
import { matrixSides } from "../parameters/matrixSides.ts";
import { defineMatrixOptimizer } from "../registry/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../registry/definition.ts";
import { choice, pastWeight, rate } from "../registry/options.ts";
import { scaleByShape, shapeScales } from "../transforms/scaleByShape.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "./auxiliary.ts";

export const nsgd = defineMatrixOptimizer({
  name: "nsgd",
  family: "norm-constrained",
  summary: "Momentum scaled to unit Frobenius norm, layer by layer: the flat end of the nuclear-norm family.",
  formula: "M ← μM + (1−μ)G;  W ← W − η·scale·M / (‖M‖_F + 1e-12)",
  source: "The Nuclear Norm and Beyond (draft); normalised gradient: Nesterov 1984",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  options: {
    learningRate: rate(1e-3, "η of hidden weights: the Frobenius length of a step"),
    momentum: pastWeight(0.9, "μ"),
    scale: choice("none", ["none", "rms", "moonlight"], "factor: 1, √(A/B) or 0.2√max(A, B)"),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
  },
  recipe(values, { schedule }) {
    const { learningRate, momentum, scale } = values;
    return [
      {
        name: "nsgd",
        takes: hiddenWeights,
        transform: chain(
          unconstrainedConditionalGradient(frobenius({ eps: 1e-12 }), { learningRate, momentum, schedule }),
          scaleByShape(scale),
        ),
        scale: ({ shape }) => shapeScales[scale](...matrixSides(shape)),
      },
      auxiliaryAdamW(values, schedule),
    ];
  },
});
