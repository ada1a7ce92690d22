import { chain } from "../../core/chain.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { coefficientOption } from "../../define/coefficientOption.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { choice, flag, integer, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import type { Manifold } from "../../manifolds/manifold.ts";
import { createManifold, type ManifoldName, manifoldNames } from "../../manifolds/named.ts";
import { stiefel } from "../../manifolds/stiefel.ts";
import { flattened } from "../../norms/flattened.ts";
import { createNorm } from "../../norms/named.ts";
import type { Norm } from "../../norms/norm.ts";
import { spectral } from "../../norms/spectral.ts";
import { oracleStep } from "../../steps/oracleStep.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { ema } from "../../transforms/ema.ts";
import { identity } from "../../transforms/identity.ts";
import { projectOn, tangentAt } from "../../transforms/riemannian.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

interface DescentOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly project: boolean;
  readonly weightDecay: number;
  readonly learningRate: Rate;
}

/** W ← N(W + η·lmo(ξ)), ξ the tangent part of the averaged gradient. */
function constrainedDescent(
  manifold: Manifold,
  norm: Norm,
  { momentum, nesterov, project, weightDecay, learningRate }: DescentOptions,
  schedule: Schedule | undefined,
): Transform {
  return chain(
    momentum === 0 ? identity() : ema(momentum, { nesterov }),
    project ? tangentAt(manifold) : identity(),
    oracleStep(flattened(norm)),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
    projectOn(manifold),
  );
}

const shared = {
  learningRate: rate(1e-2, "η: the length of the step in the norm, before it is projected"),
  momentum: pastWeight(0.95, "μ of M ← μM + (1−μ)G; 0 for the deterministic method"),
  nesterov: flag(false, "look ahead"),
  project: flag(true, "take the tangent part of M first"),
  weightDecay: nonNegative(0, "λ, decoupled, before the projection"),
  ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
};

const normNames = ["frobenius", "operator", "columns", "rownorm_input", "sign"] as const;

export const mcsd = defineMatrixOptimizer({
  name: "mcsd",
  family: "manifold",
  summary:
    "Steepest descent in any norm with weights on a manifold: one oracle of the ambient space, then a projection.",
  formula:
    "M ← μM + (1−μ)G;  ξ = tangent part of M at W;  W ← N(W + η·lmo(ξ)),  N the nearest point of the manifold",
  source: "Yang & Lai 2026, arXiv:2601.21487",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "any manifold, any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Weights constrained to a manifold, with the oracle of any norm for the step and no inner iteration.",
  options: {
    ...shared,
    manifold: choice<ManifoldName>("sphere", manifoldNames, "where hidden weights live"),
    norm: choice("frobenius", normNames, "whose oracle makes the step"),
    vectors: choice("columns", ["columns", "rows"], "of the oblique manifold"),
    radius: positive(1, "of the sphere"),
  },
  recipe(options, { schedule }) {
    const manifold = createManifold(options.manifold, options);
    const norm = createNorm(
      options.norm,
      options.norm === "operator" ? { oracle: "polarExpress", steps: 8 } : {},
    );
    const transform = constrainedDescent(manifold, norm, options, schedule);
    return [{ name: "mcsd", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});

/**
 * NVIDIA's version is `project: false, coefficients: "polarExpress"`-like quintic steps for both polar factors; five of them
 * leave singular values in about 0.7…1.2, off the manifold. Here 10 steps of the Polar Express, which converge.
 */
export const spel = defineMatrixOptimizer({
  name: "spel",
  family: "manifold",
  summary: "Hidden weights with orthonormal columns, and spectral steps: Muon on the Stiefel manifold.",
  formula: "M ← μM + (1−μ)G;  W ← msign(W − η·msign(M − W·sym(WᵀM)))",
  source: "Yang & Lai 2026, arXiv:2601.21487",
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "Stiefel manifold, spectral step",
  computation: "O(m²n·T)",
  when: "Layers that are to stay orthogonal. Two polar factors a step; initialise them orthogonal.",
  golden: ["spel"],
  options: {
    ...shared,
    coefficients: coefficientOption("polarExpress"),
    steps: integer(10, 1, "Newton-Schulz iterations of both polar factors"),
  },
  recipe(options, { schedule }) {
    const { coefficients, steps } = options;
    const polar = { coefficients, steps };
    const norm = spectral({ radius: "operator", oracle: "newtonSchulz", ...polar });
    const transform = constrainedDescent(stiefel({ polar }), norm, options, schedule);
    return [{ name: "spel", takes: hiddenWeights, transform }, auxiliaryAdamW(options, schedule)];
  },
});
