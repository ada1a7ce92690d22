import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { integer, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleBySophia } from "./scaleBySophia.ts";

/**
 * Sophia-G, for every parameter: the sign of averaged gradients, shortened where a sampled Gauss-Newton
 * diagonal is large.
 *
 *   m ← b1·m + (1−b1)G;   every k steps h ← b2·h + (1−b2)Ĝ²
 *   W ← (1−ηλ)W − η sign(m)·min(1, |m|/(ρBh))
 *
 * Ĝ is the gradient for labels drawn from the model's own predictions, `context.sampledGradients`; B the
 * label positions in a batch. State 2mn. Source: Liu et al. 2023, arXiv:2305.14342.
 *
 * @example sophiaG({ learningRate: 1e-4, batchSize: 5120 })
 */
export const sophiaG = defineOptimizer({
  name: "sophia_g",
  family: "fisher",
  summary:
    "Sign steps that shrink where a sampled Gauss-Newton diagonal is large; needs a second gradient " +
    "every k steps.",
  formula:
    "m ← b1·m + (1−b1)G;  every k steps h ← b2·h + (1−b2)Ĝ²;  W ← (1−ηλ)W − η sign(m)·min(1, |m|/(ρBh))",
  source: "Liu et al. 2023, arXiv:2305.14342",
  state: "2mn",
  geometry: "Diag(h), sampled",
  computation: "O(mn) and a gradient every K",
  when:
    "Where a second gradient every tenth step is affordable. Entries of small curvature step like " +
    "Signum, those of large curvature like Newton's method.",
  needs: "sampledGradients",
  options: {
    learningRate: rate(1e-4, "learning rate η: the largest step of an entry"),
    b1: pastWeight(0.965, "weight of the past in the average of gradients"),
    b2: pastWeight(0.99, "weight of the past in the average of curvatures"),
    rho: positive(0.04, "ρ: a larger one shortens the steps of more entries"),
    batchSize: integer(5120, 1, "B: label positions (tokens) in a batch"),
    measureEvery: integer(10, 1, "k: steps between two curvature estimates"),
    weightDecay: nonNegative(0.1, "weight decay λ, decoupled"),
  },
  recipe(options, { schedule }) {
    const transform = chain(
      scaleBySophia({ ...options, every: options.measureEvery }),
      addDecayedWeights(options.weightDecay),
      scaleByLearningRate(options.learningRate, schedule),
    );
    return [{ name: "sophia_g", takes: everything, transform }];
  },
});
