import { chain } from "../../core/chain.ts";
import type { Transform } from "../../core/transform.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { everything, type Method, type RecipeContext } from "../../define/definition.ts";
import { choice, pastWeight, positive, rate, type ValuesOf } from "../../define/options.ts";
import { ballDecay, layerNorm, normChoice, normRules, onSphere } from "../../define/recipes/normChoice.ts";
import { clippedStep } from "../../steps/clippedConditionalGradient.ts";
import type { LayerNorms } from "../../steps/layerNorms.ts";
import { layerNorms } from "../../steps/layerNorms.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { type ShortStepVariant, shortStepDirection } from "../../steps/shortStep.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scale } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

const options = {
  learningRate: rate(1e-3, "the paper's γρ: the share of the ball's radius that an unclipped step moves"),
  momentum: pastWeight(0.9, "μ; the paper's α is 1 − μ"),
  rho: positive(600, "S below which steps get shorter, S compared as it is"),
  ...normChoice({ radius: 50, embeddingRadius: 50, headRadius: 3000, vectorRadius: 1 }),
};

/** One method for all parameters, since the factor is one number for all of them. */
function clippedMethod(
  name: string,
  values: ValuesOf<typeof options>,
  { schedule, roles }: RecipeContext,
  step: (norm: LayerNorms) => Transform,
): readonly Method[] {
  const rules = normRules(values);
  const norm = layerNorms((parameter) => layerNorm(rules, parameter), { roles });
  const transform = chain(
    momentumEstimate(values.momentum),
    step(norm),
    scaleByLearningRate(values.learningRate, schedule),
  );
  return [
    {
      name,
      takes: everything,
      transform,
      scale: (parameter) => layerNorm(rules, parameter).radius,
      initialize: (key, parameter) => onSphere(layerNorm(rules, parameter))(key, parameter),
    },
  ];
}

/**
 * `rho` and the learning rate as in the authors' code: threshold ρ of the paper is rho, its γ is learningRate/rho.
 * Norms by role as `scion`; radii of their nanoGPT run. Layers in a group of their own are clipped on their own.
 */
export const unconstrainedClippedScion = defineMatrixOptimizer({
  name: "unconstrained_clipped_scion",
  family: "norm-constrained",
  summary: "Unconstrained Scion that takes shorter steps once the dual norm of all layers falls below rho.",
  formula: "d ← μd + (1−μ)G;  S = −Σ⟨d, r·lmo(d)⟩ over all layers;  W ← (1−ηλ)W + η min{1, S/rho}·r·lmo(d)",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 3",
  state: "mn (0 with momentum 0)",
  geometry: "by role: spectral, columns, sign",
  computation: "O(m²n·T)",
  when: "Unconstrained Scion with steps that shrink by themselves near a solution, so that no decay of the rate is needed.",
  options: { ...options, weightDecay: ballDecay },
  recipe: (values, context) =>
    clippedMethod("unconstrained_clipped_scion", values, context, (norm) =>
      chain(clippedStep(norm, values.rho), scale(1 / values.rho), addDecayedWeights(values.weightDecay)),
    ),
});

/** `rho` as in the authors' code, four times the paper's: η·min{1, S/rho} = γ·min{ρ, S/4}. */
export const clippedScion = defineMatrixOptimizer({
  name: "clipped_scion",
  family: "norm-constrained",
  summary: "Scion with a clipped short step: weights stay in their balls, steps shrink as the gap closes.",
  formula:
    "d ← μd + (1−μ)G;  V = W − r·lmo(d);  S = Σ⟨d, V⟩ over all layers;  W ← W − η min{1, S/rho} V, or 4S/(rho·max‖V/r‖²)",
  source: "Pethick et al. 2025, arXiv:2506.01913, Algorithm 4",
  state: "mn (0 with momentum 0)",
  geometry: "by role: spectral, columns, sign",
  computation: "O(m²n·T)",
  when: "Scion with steps that shrink by themselves as the gap closes.",
  options: {
    ...options,
    variant: choice<ShortStepVariant>(
      "diameter",
      ["diameter", "primalNorm"],
      "S over 4, or over the square of V's norm (an SVD for spectral norms)",
    ),
  },
  recipe: (values, context) =>
    clippedMethod("clipped_scion", values, context, (norm) =>
      chain(
        shortStepDirection(norm, { threshold: values.rho / 4, variant: values.variant }),
        scale(4 / values.rho),
      ),
    ),
});
