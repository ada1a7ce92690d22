import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByShape, shapeScales } from "../../transforms/scaleByShape.ts";

/** A method for hidden weights of Dion and Dion2: a direction scaled by √(A/B), decay, rate. */
export function dionMethod(
  name: string,
  direction: Transform,
  { learningRate, weightDecay }: { readonly learningRate: Rate; readonly weightDecay: number },
  schedule: Schedule | undefined,
): Method {
  const transform = chain(
    direction,
    scaleByShape("rms"),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  return {
    name,
    takes: hiddenWeights,
    transform,
    scale: ({ shape }) => shapeScales.rms(...matrixSides(shape)),
  };
}
