import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { positive, rate } from "../../define/options.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { naturalGradient } from "./naturalGradient.ts";

/**
 * Natural gradient descent with the exact empirical Fisher matrix of the batch, all parameters together, for
 * small models.
 *
 *   F = (1/N) Σᵢ gᵢgᵢᵀ over the N examples;   W ← W − η(F + γI)⁻¹G
 *
 * No state. Source: Amari 1998. Needs `context.exampleGradients`, the gradient of every example.
 *
 * @example ngd({ learningRate: 0.1, damping: 1e-3 })
 */
export const ngd = defineOptimizer({
  name: "ngd",
  family: "fisher",
  summary:
    "Exact natural gradient with the empirical Fisher matrix of the batch: the reference, for small models.",
  formula: "F = (1/N) Σ gᵢgᵢᵀ over the examples, all parameters together;  W ← W − η(F + γI)⁻¹G",
  source: "Amari 1998",
  state: "0",
  geometry: "full",
  computation: "O(N²P) of N examples and all P weights",
  when:
    "The reference for small models: what the other Fisher methods approximate. It needs memory for the " +
    "gradient of every example.",
  needs: "exampleGradients",
  options: {
    learningRate: rate(0.1, "learning rate η"),
    damping: positive(1e-3, "damping γ of the Fisher matrix"),
  },
  recipe: ({ damping }, { schedule, grouped }) => [
    {
      name: "ngd",
      takes: everything,
      spans: ["damping"], // one Fisher matrix of all parameters, whatever group they are in
      transform: chain(
        naturalGradient(damping),
        grouped.each(({ learningRate }) => scaleByLearningRate(learningRate, schedule)),
      ),
    },
  ],
});
