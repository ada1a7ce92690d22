import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { everything } from "../../define/definition.ts";
import { pastWeight, rate } from "../../define/options.ts";
import { muonOptions, orthogonalizeBy, stepMethod } from "../../define/recipes/muonRecipe.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { resizeWeights } from "./resizeWeights.ts";

/**
 * Muon of the CIFAR-10 speedrun, for hidden weights and convolutions, seen as [dOut, rest]: weights are
 * brought to ‖W‖_F = √dOut before every step.
 *
 *   M ← μM + G;   O = NewtonSchulz(G + μM), 3 steps;   W ← √dOut·W/‖W‖_F − ηO
 *
 * SGD with Nesterov's momentum for the rest, at `auxiliaryLearningRate`. State mn. Source: Jordan 2024,
 * KellerJordan/cifar10-airbench airbench94_muon.py, defaults of the script; there the rate of the rest
 * depends on the kind of parameter.
 *
 * @example muonAirbench({ learningRate: 0.24 })
 */
export const muonAirbench = defineMatrixOptimizer({
  name: "muon_airbench",
  family: "norm-constrained",
  summary: "Muon of the CIFAR-10 speedrun: weights are resized to ‖W‖_F = √rows before every step.",
  formula: "M ← μM + G;  U = G + μM;  O = NewtonSchulz(U);  W ← √A·W/‖W‖_F − ηO",
  source: "Jordan 2024, KellerJordan/cifar10-airbench airbench94_muon.py",
  state: "mn",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "The CIFAR-10 speedrun.",
  options: {
    ...muonOptions({
      learningRate: 0.24,
      momentum: 0.6,
      nesterov: true,
      momentumForm: "sum",
      weightDecay: 0,
      scale: "none",
      steps: 3,
      normalization: "keller",
    }),
    auxiliaryLearningRate: {
      ...rate(0.05, "learning rate η of SGD for embeddings, head, gains and biases"),
      of: "sgd",
    },
    auxiliaryMomentum: { ...pastWeight(0.85, "momentum μ of SGD, Nesterov's form"), of: "sgd" },
  },
  recipe(values, { schedule }) {
    const muon = stepMethod("muon_airbench", orthogonalizeBy(values), values, schedule);
    const sgd = chain(
      trace(values.auxiliaryMomentum, { nesterov: true }),
      scaleByLearningRate(values.auxiliaryLearningRate, schedule),
    );
    return [
      { ...muon, transform: chain(muon.transform, resizeWeights()) },
      {
        name: "sgd",
        takes: everything,
        reads: (option) => option === "auxiliaryLearningRate" || option === "auxiliaryMomentum",
        transform: sgd,
      },
    ];
  },
});
