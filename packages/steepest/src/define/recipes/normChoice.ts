import type { Norm } from "../../norms/norm.ts";
import type { LayerNorm } from "../../norms/product.ts";
import type { Method } from "../definition.ts";
import type { NormRule } from "./normRules.ts";

export { ballDecay, type NormChoiceValues, normChoice, unitRadii } from "./normOptions.ts";
export { layerNorm, type NormRule, normRules } from "./normRules.ts";

/** One method per norm rule, for methods that treat every layer on its own. */
export function methodPerRule(
  rules: readonly NormRule[],
  transform: (norm: Norm, radius: number) => Method["transform"],
): readonly Method[] {
  return rules.map(({ name, norm, radius, takes }) => ({
    name,
    takes,
    transform: transform(norm, radius),
    scale: () => radius,
    initialize: onSphere({ norm, radius }),
  }));
}

/** Weights start at radius · norm.init; vectors where the model wants them: gains at one, biases at zero. */
export function onSphere({ norm, radius }: LayerNorm): NonNullable<Method["initialize"]> {
  return (key, { shape }) => {
    if (shape.length >= 2) return norm.init(key, shape).mul(radius);
    key.dispose();
    return undefined;
  };
}
