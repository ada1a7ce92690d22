import { chain } from "../../core/chain.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, OptionError, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { createManifold } from "../../manifolds/named.ts";
import { moveOn, tangentAt } from "../../transforms/riemannian.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { manifoldOptions } from "./manifoldOptions.ts";

/**
 * Riemannian SGD, for hidden weights and convolutions, seen as [dOut, rest]: gradient descent along a
 * manifold.
 *
 *   v = tangent part of G at W;   W ← R_W(−ηv),   R a retraction, or the exponential map
 *
 * Weights are put on the manifold and stay there. AdamW for the rest. No state. Source: Bonnabel 2013, IEEE
 * TAC 58(9); Absil, Mahony & Sepulchre 2008. Throws `OptionError` for the exponential map of Stiefel, which
 * is not here.
 *
 * @example rsgd({ learningRate: 0.01, manifold: "sphere" })
 */
export const rsgd = defineOptimizer({
  name: "rsgd",
  family: "manifold",
  summary: "Gradient descent along a manifold: hidden weights are put on it and stay there.",
  formula: "v = tangent part of G at W;  W ← R_W(−ηv),  R a retraction or the exponential map",
  source: "Bonnabel 2013, IEEE TAC 58(9); Absil, Mahony & Sepulchre 2008",
  state: "0 for hidden weights, 2mn for the rest",
  geometry: "any manifold, of the weight",
  computation: "O(mn), O(m²n·T) on Stiefel",
  when: "Problems whose solution lies on the manifold, such as eigenvectors. For language models it is a baseline only.",
  options: {
    learningRate: rate(1e-2, "learning rate η"),
    ...manifoldOptions,
    step: choice(
      "retraction",
      ["retraction", "exponential"],
      "how the step is brought back; stiefel has the retraction only",
    ),
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
  },
  recipe(options, { schedule }) {
    const manifold = createManifold(options.manifold, options);
    if (options.step === "exponential" && manifold.exponential === undefined)
      throw new OptionError(
        `rsgd: "${options.manifold}" has no exponential map here; take step "retraction"`,
      );
    const transform = chain(
      tangentAt(manifold),
      scaleByLearningRate(options.learningRate, schedule),
      moveOn(manifold, options.step),
    );
    return [{ name: "rsgd", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});
