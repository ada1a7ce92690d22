import type { ProductKind } from "../../norms/product.ts";
import { type LayerNorms, layerNorms } from "../../steps/layerNorms.ts";
import { everything, type Method, type RecipeContext } from "../definition.ts";
import {
  layerNorm,
  type NormChoiceValues,
  type NormRule,
  normRules,
  onSphere,
  ruleReads,
} from "./normChoice.ts";

export interface LayersOptions {
  readonly name: string;
  /** Options that are one number for all layers, so that no group can change them. */
  readonly shared: readonly string[];
  /** How the layers' norms make one norm. Default "max". */
  readonly kind?: ProductKind;
  /** Weights that start on their spheres have this times their radius. Default 1. */
  readonly ball?: number;
  /** As `Method.sums`. Default: with kind "max". */
  readonly sums?: boolean;
}

/**
 * One method for the parameters of all groups, in a norm over all of them: what clipped methods take, whose
 * step depends on every layer's dual norm. Norm and radius of a layer are those of its group.
 */
export function methodOfAllLayers<V extends NormChoiceValues>(
  { name, shared, kind = "max", ball = 1, sums = true }: LayersOptions,
  { roles, grouped }: RecipeContext<V>,
  transform: (norm: LayerNorms) => Method["transform"],
): Method {
  const rules = new Map(grouped.all.map((values) => [values, normRules(values)]));
  const ruleOf: (parameter: Parameters<Method["takes"]>[0]) => NormRule = (parameter) =>
    layerNorm(rules.get(grouped.of(parameter.path)) ?? [], parameter);
  return {
    name,
    takes: everything,
    spans: shared,
    sums: sums && kind === "max", // "l2" weighs the layers by their share of the sum before it asks for another
    reads: (option, parameter) => ruleReads(ruleOf(parameter), option),
    transform: transform(layerNorms(ruleOf, { kind, roles })),
    scale: (parameter) => ball * ruleOf(parameter).radius,
    initialize(key, parameter) {
      const rule = ruleOf(parameter);
      return onSphere({ ...rule, radius: ball * rule.radius })(key, parameter);
    },
  };
}
