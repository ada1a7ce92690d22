import type { Rate } from "../../core/schedules/schedule.ts";
import { everything, type Method, type RecipeContext } from "../../define/definition.ts";
import { nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import type { Norm } from "../../norms/norm.ts";
import type { ProductKind } from "../../norms/product.ts";
import { clippedConditionalGradient } from "../../steps/clippedConditionalGradient.ts";
import { layerNorms } from "../../steps/layerNorms.ts";

/** Options of the clipped methods, GGNC in any norm and the three in one norm. */
export const clippedOptions = {
  learningRate: rate(1e-3, "learning rate γ; 1/L0 in theory"),
  momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
  threshold: positive(1, "ρ: the dual norm from which on steps have length γρ; L0/L1 in theory"),
  weightDecay: nonNegative(0, "weight decay λ, decoupled"),
};

interface ClippedValues {
  readonly learningRate: Rate;
  readonly momentum: number;
  readonly threshold: number;
  readonly weightDecay: number;
}

/** GGNC with one norm for all layers. */
export function clippedMethod(
  name: string,
  norm: Norm,
  kind: ProductKind,
  values: ClippedValues,
  { schedule, roles }: RecipeContext,
): Method {
  const layers = layerNorms(() => ({ norm, radius: 1 }), { kind, roles });
  return { name, takes: everything, transform: clippedConditionalGradient(layers, { ...values, schedule }) };
}
