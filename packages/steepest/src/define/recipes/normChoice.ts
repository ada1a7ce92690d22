import type { Norm } from "../../norms/norm.ts";
import type { Method } from "../definition.ts";
import { type NormRule, ruleReads } from "./normRules.ts";

export {
  ballDecay,
  type NormChoiceValues,
  normChoice,
  scionRadii,
  unitRadii,
  type WeightStart,
} from "./normOptions.ts";
export { layerNorm, type NormRule, normRules, ruleReads } from "./normRules.ts";

/** One method per norm rule, for methods that treat every layer on its own. */
export function methodPerRule(
  rules: readonly NormRule[],
  transform: (norm: Norm, radius: number) => Method["transform"],
): readonly Method[] {
  return rules.map((rule) => ({
    name: rule.name,
    takes: rule.takes,
    reads: (option) => ruleReads(rule, option),
    transform: transform(rule.norm, rule.radius),
    scale: () => rule.radius,
    initialize: onSphere(rule),
  }));
}

/**
 * Weights start at radius · norm.init, unless the rule leaves them to the model. Vectors start where the
 * model wants them: gains at one, biases at zero.
 */
export function onSphere({
  norm,
  radius,
  start,
}: Pick<NormRule, "norm" | "radius" | "start">): NonNullable<Method["initialize"]> {
  return (key, { shape }) => {
    if (start === "norm" && shape.length >= 2) return norm.init(key, shape).mul(radius);
    key.dispose();
    return undefined;
  };
}
