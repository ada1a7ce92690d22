import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, flag, nonNegative, OptionError, pastWeight, positive, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { createManifold, type ManifoldName, manifoldNames } from "../../manifolds/named.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { identity } from "../../transforms/identity.ts";
import { manifoldStep, moveOn, tangentAt } from "../../transforms/riemannian.ts";
import { mapUpdates } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";

const place = {
  manifold: choice<ManifoldName>(
    "oblique",
    manifoldNames,
    "unit columns, fixed Frobenius norm, or orthonormal columns",
  ),
  vectors: choice("columns", ["columns", "rows"], "which are unit on the oblique manifold"),
  radius: positive(1, "Frobenius norm on the sphere"),
};
const auxiliary = auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 });

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
    learningRate: rate(1e-2, "η"),
    ...place,
    step: choice(
      "retraction",
      ["retraction", "exponential"],
      "how the step is brought back; stiefel has the retraction only",
    ),
    ...auxiliary,
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

/** The rule of NVIDIA's ObliqueSGD, the best account of the Mano paper's failing baseline, which it does not print. */
export const rsgdM = defineOptimizer({
  name: "rsgd_m",
  family: "manifold",
  summary: "Riemannian SGD with momentum that is summed in the ambient space: the baseline Mano improves on.",
  formula: "M ← μM + G;  v = tangent part of M at W;  W ← N((1−ηλ)W − ηv)",
  source: "NVIDIA Emerging-Optimizers, riemannian_optimizers; Bonnabel 2013",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "any manifold, of the weight",
  computation: "O(mn), O(m²n·T) on Stiefel",
  when: "As a baseline: the paper of Mano reports that it does not converge on a language model.",
  options: {
    learningRate: rate(1e-3, "η"),
    momentum: pastWeight(0.9, "μ of M ← μM + G"),
    ...place,
    weightDecay: nonNegative(0, "λ, decoupled; undone by the retraction but for a longer angle"),
    ...auxiliary,
  },
  recipe(options, { schedule }) {
    const manifold = createManifold(options.manifold, options);
    const transform = chain(
      trace(options.momentum),
      tangentAt(manifold),
      addDecayedWeights(options.weightDecay),
      scaleByLearningRate(options.learningRate, schedule),
      moveOn(manifold),
    );
    return [{ name: "rsgd_m", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});

export const manifoldNormalized = defineOptimizer({
  name: "manifold_normalized",
  family: "manifold",
  summary:
    "Free weights, steps on a manifold: the tangent part of the momentum at the normalised weight, itself normalised.",
  formula: "M ← μM + G;  Ŵ = N(W);  v = tangent part of M at Ŵ;  W ← (1−ηλ)W − η·scale·N(v)",
  source: "Gu & Xie 2026, arXiv:2601.23000, equation 3",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "any manifold, of the step",
  computation: "O(mn), O(m²n·T) on Stiefel",
  when: "To compare geometries of the step with weights left free: oblique is Mano, the sphere normalised momentum, Stiefel a tangent Muon.",
  options: {
    learningRate: rate(1e-3, "η"),
    momentum: pastWeight(0.95, "μ of M ← μM + G; 0 keeps none"),
    nesterov: flag(false, "look ahead"),
    manifold: place.manifold,
    vectors: place.vectors,
    scale: choice("adam", ["adam", "none"], "root mean square 0.2 η, or N(v) as it is"),
    weightDecay: nonNegative(0.1, "λ, decoupled"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
  },
  recipe(options, { schedule }) {
    const { momentum, nesterov, manifold: name, vectors, scale, weightDecay } = options;
    const factor = (shape: readonly number[]): number => {
      const [rows, cols] = matrixSides(shape);
      if (scale === "none") return 1;
      if (name === "sphere") return 0.2 * Math.sqrt(rows * cols);
      if (name === "stiefel") return 0.2 * Math.sqrt(Math.max(rows, cols));
      return 0.2 * Math.sqrt(vectors === "columns" ? rows : cols);
    };
    const transform = chain(
      momentum === 0 ? identity() : trace(momentum, { nesterov }),
      manifoldStep(createManifold(name, { vectors })),
      mapUpdates((u) => u.mul(factor(u.shape))),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(options.learningRate, schedule),
    );
    return [
      { name: "manifold_normalized", takes: hiddenWeights, transform, scale: ({ shape }) => factor(shape) },
      auxiliaryAdamW(options, schedule),
    ];
  },
});
