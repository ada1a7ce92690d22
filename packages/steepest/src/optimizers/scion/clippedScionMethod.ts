import { chain } from "../../core/chain.ts";
import type { Transform } from "../../core/transform.ts";
import type { Method, RecipeContext } from "../../define/definition.ts";
import type { ValuesOf } from "../../define/options.ts";
import { methodOfAllLayers } from "../../define/recipes/methodOfAllLayers.ts";
import type { LayerNorms } from "../../steps/layerNorms.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import type { clippedScionOptions } from "./clippedScionOptions.ts";

/** One method for all parameters, since the factor is one number for all of them: momentum, `step`, rate. `sums`: see `Method`. */
export function clippedScionMethod(
  name: string,
  context: RecipeContext<ValuesOf<typeof clippedScionOptions>>,
  step: (norm: LayerNorms) => Transform,
  sums = true,
): readonly Method[] {
  const { schedule, grouped } = context;
  const shared = ["rho", "variant"];
  return [
    methodOfAllLayers({ name, shared, sums }, context, (norm) =>
      chain(
        grouped.each(({ momentum }) => momentumEstimate(momentum)),
        step(norm),
        grouped.each(({ learningRate }) => scaleByLearningRate(learningRate, schedule)),
      ),
    ),
  ];
}
