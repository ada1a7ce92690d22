import { chain } from "../../core/chain.ts";
import type { Transform } from "../../core/transform.ts";
import { everything, type Method, type RecipeContext } from "../../define/definition.ts";
import type { ValuesOf } from "../../define/options.ts";
import { layerNorm, normRules, onSphere } from "../../define/recipes/normChoice.ts";
import { type LayerNorms, layerNorms } from "../../steps/layerNorms.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import type { clippedScionOptions } from "./clippedScionOptions.ts";

/** One method for all parameters, since the factor is one number for all of them. */
export function clippedScionMethod(
  name: string,
  values: ValuesOf<typeof clippedScionOptions>,
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
