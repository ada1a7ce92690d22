import type { Rate } from "../../core/schedules/schedule.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { everything, hiddenWeights, type Method, type RecipeContext } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { layerNorm, normChoice, normRules, onSphere, unitRadii } from "../../define/recipes/normChoice.ts";
import { flattened } from "../../norms/flattened.ts";
import { createNorm } from "../../norms/named.ts";
import type { Norm } from "../../norms/norm.ts";
import type { ProductKind } from "../../norms/product.ts";
import { clippedConditionalGradient } from "../../steps/clippedConditionalGradient.ts";
import { layerNorms } from "../../steps/layerNorms.ts";
import { muon } from "../muon/muon.ts";

const source = "Pethick et al. 2025, arXiv:2506.01913, Algorithm 1";
const common = {
  learningRate: rate(1e-3, "γ; 1/L0 in theory"),
  momentum: pastWeight(0.9, "μ; the paper's α is 1 − μ"),
  threshold: positive(1, "ρ: the dual norm from which on steps have length γρ; L0/L1 in theory"),
  weightDecay: nonNegative(0, "λ, decoupled"),
};

/** Layers of one group share their factor; a group of its own is clipped on its own. */
export const ggnc = defineMatrixOptimizer({
  name: "ggnc",
  family: "norm-constrained",
  summary:
    "Gradient clipping in any norm: steepest descent for small gradients, steps of one length for large.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W + γ min{ρ, ‖d‖_*}·r·lmo(d),  ‖d‖_* over all layers",
  source,
  state: "mn (0 with momentum 0)",
  geometry: "any norm",
  computation: "O(mn) to O(m²n·T)",
  when: "Where gradients vary by orders of magnitude: long ones get steps of one length, short ones steepest descent.",
  options: {
    ...common,
    product: choice<ProductKind>("max", ["max", "l2"], "how the layers' norms make one norm"),
    ...normChoice(unitRadii),
  },
  recipe(values, { schedule, roles }) {
    const rules = normRules(values);
    const norm = layerNorms((parameter) => layerNorm(rules, parameter), { kind: values.product, roles });
    return [
      {
        name: "ggnc",
        takes: everything,
        transform: clippedConditionalGradient(norm, { ...values, schedule }),
        scale: (parameter) => layerNorm(rules, parameter).radius,
        initialize: (key, parameter) => onSphere(layerNorm(rules, parameter))(key, parameter),
      },
    ];
  },
});

interface ClippedValues {
  readonly learningRate: Rate;
  readonly momentum: number;
  readonly threshold: number;
  readonly weightDecay: number;
}

/** GGNC with one norm for all layers. */
function clippedIn(
  name: string,
  norm: Norm,
  kind: ProductKind,
  values: ClippedValues,
  { schedule, roles }: RecipeContext,
): Method {
  const layers = layerNorms(() => ({ norm, radius: 1 }), { kind, roles });
  return { name, takes: everything, transform: clippedConditionalGradient(layers, { ...values, schedule }) };
}

export const clippedGd = defineOptimizer({
  name: "clipped_gd",
  family: "norm-constrained",
  summary: "Gradient descent clipped by the Euclidean norm of all gradients: the classical clipping.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W − γ min{1, ρ/‖d‖₂} d,  ‖d‖₂ over all layers",
  source: `Mikolov 2012; ${source}`,
  state: "mn (0 with momentum 0)",
  geometry: "Euclidean norm of all weights",
  computation: "O(mn)",
  when: "The classical clipping of recurrent networks, as an optimizer.",
  options: common,
  recipe: (values, context) => [clippedIn("clipped_gd", createNorm("frobenius"), "l2", values, context)],
});

export const clippedSign = defineOptimizer({
  name: "clipped_sign",
  family: "norm-constrained",
  summary: "Sign descent whose step shrinks with the sum of absolute gradients once that is below ρ.",
  formula: "d ← μd + (1−μ)G;  W ← (1−γλ)W − γ min{ρ, ‖d‖₁} sign(d),  ‖d‖₁ over all layers",
  source,
  state: "mn (0 with momentum 0)",
  geometry: "max norm",
  computation: "O(mn)",
  when: "Sign descent that comes to rest.",
  options: common,
  recipe: (values, context) => [clippedIn("clipped_sign", createNorm("max"), "max", values, context)],
});

export const clippedSpectral = defineMatrixOptimizer({
  name: "clipped_spectral",
  family: "norm-constrained",
  summary: "Muon whose step shrinks with the sum of nuclear norms once that is below ρ; AdamW for the rest.",
  formula:
    "d ← μd + (1−μ)G;  W ← (1−γλ)W − γ min{ρ, ‖d‖_nuc} UVᵀ,  d = UΣVᵀ, ‖d‖_nuc over all hidden weights as ⟨d, UVᵀ⟩",
  source,
  state: "mn for hidden weights (0 with momentum 0), 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "Muon that comes to rest.",
  options: {
    ...common,
    polar: muon.definition.options.polar,
    coefficients: muon.definition.options.coefficients,
    steps: muon.definition.options.steps,
    ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
  },
  recipe(values, context) {
    const { polar, coefficients, steps } = values;
    const norm = flattened(
      createNorm("operator", {
        dual: "oracle",
        ...(polar === "svd" ? { oracle: "svd" } : { coefficients, steps }),
      }),
    );
    const clipped = clippedIn("clipped_spectral", norm, "max", values, context);
    return [{ ...clipped, takes: hiddenWeights }, auxiliaryAdamW(values, context.schedule)];
  },
});
