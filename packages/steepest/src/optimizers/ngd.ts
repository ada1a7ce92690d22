import { chain } from "../chain.ts";
import { defineOptimizer, everything } from "../registry/definition.ts";
import { positive, rate } from "../registry/options.ts";
import { naturalGradient } from "../transforms/naturalGradient.ts";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.ts";

export const ngd = defineOptimizer({
  name: "ngd",
  family: "fisher",
  summary:
    "Exact natural gradient with the empirical Fisher matrix of the batch, for small models: the reference.",
  formula: "F = (1/N) Σ gᵢgᵢᵀ over the examples, all parameters together;  W ← W − η(F + γI)⁻¹G",
  source: "Amari 1998",
  state: "0",
  needs: "exampleGradients",
  options: { learningRate: rate(0.1, "η"), damping: positive(1e-3, "γ") },
  recipe: ({ learningRate, damping }, { schedule }) => [
    {
      name: "ngd",
      takes: everything,
      transform: chain(naturalGradient(damping), scaleByLearningRate(learningRate, schedule)),
    },
  ],
});
