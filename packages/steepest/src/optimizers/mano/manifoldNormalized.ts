import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, flag, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { createManifold } from "../../manifolds/named.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { identity } from "../../transforms/identity.ts";
import { manifoldStep } from "../../transforms/riemannian.ts";
import { mapUpdates } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { manifoldOptions } from "./manifoldOptions.ts";

/**
 * Manifold-normalised momentum, for hidden weights and convolutions, seen as [dOut, rest]: free weights,
 * steps on a manifold.
 *
 *   M ← μM + G;   Ŵ = N(W);   v = tangent part of M at Ŵ;   W ← (1−ηλ)W − η·scale·N(v)
 *
 * N is the nearest point of the manifold. AdamW at the same rate and decay for the rest. State mn, 0 with
 * momentum 0. Source: Gu & Xie 2026, arXiv:2601.23000, equation 3. The oblique manifold makes it Mano with
 * one axis, the sphere normalised momentum, Stiefel a tangent Muon.
 *
 * @example manifoldNormalized({ learningRate: 1e-3, manifold: "stiefel" })
 */
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
    learningRate: rate(1e-3, "learning rate η"),
    momentum: pastWeight(0.95, "momentum μ of M ← μM + G; 0 keeps none"),
    nesterov: flag(false, "Nesterov's look-ahead"),
    manifold: manifoldOptions.manifold,
    vectors: manifoldOptions.vectors,
    scale: choice("adam", ["adam", "none"], "root mean square 0.2 η, or N(v) as it is"),
    weightDecay: nonNegative(0.1, "weight decay λ, decoupled"),
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
