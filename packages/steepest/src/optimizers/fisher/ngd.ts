import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { positive, rate } from "../../define/options.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { naturalGradient } from "./naturalGradient.ts";

export const ngd = defineOptimizer({
  name: "ngd",
  family: "fisher",
  summary:
    "Exact natural gradient with the empirical Fisher matrix of the batch, for small models: the reference.",
  formula: "F = (1/N) Σ gᵢgᵢᵀ over the examples, all parameters together;  W ← W − η(F + γI)⁻¹G",
  source: "Amari 1998",
  state: "0",
  geometry: "full",
  computation: "O(N²P) of N examples and all P weights",
  when: "The reference for small models: what all Fisher estimates approximate. Memory for the gradient of every example.",
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
