import { chain } from "../../core/chain.ts";
import type { Rate } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import type { RecipeContext } from "../../define/definition.ts";
import { clippedStep } from "../../steps/clippedConditionalGradient.ts";
import type { LayerNorms } from "../../steps/layerNorms.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

interface ClippedValues {
  readonly learningRate: Rate;
  readonly momentum: number;
  readonly weightDecay: number;
}

/**
 * `clippedConditionalGradient` with momentum, decay and rate of each parameter's group, and one factor for
 * all of them.
 */
export function clippedChain(
  { schedule, grouped }: RecipeContext<ClippedValues>,
  norm: LayerNorms,
  threshold: number,
): Transform {
  return chain(
    grouped.each(({ momentum }) => momentumEstimate(momentum)),
    clippedStep(norm, threshold),
    grouped.each(({ weightDecay }) => addDecayedWeights(weightDecay)),
    grouped.each(({ learningRate }) => scaleByLearningRate(learningRate, schedule)),
  );
}
