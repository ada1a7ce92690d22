import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import type { ValuesOf } from "../../define/options.ts";
import { auxiliaryAdamW } from "../../define/recipes/auxiliary.ts";
import { manifoldNormalized } from "../../transforms/manifoldNormalized.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import type { manoOptions } from "./manoOptions.ts";
import { retractedTrace } from "./retractedTrace.ts";

type ManoValues = ValuesOf<ReturnType<typeof manoOptions>>;

/**
 * The methods of `mano` and `mano_v2`: the tangent part at the weight as it is or normalised, and AdamW for
 * the rest.
 */
export function manoMethods(
  name: string,
  point: "normalized" | "raw",
  options: ManoValues,
  schedule: Schedule | undefined,
  retracted = false,
): readonly Method[] {
  const { learningRate, momentum, nesterov, axis: vectors, weightDecay, eps } = options;
  const axis = vectors === "alternate" ? vectors : vectors === "columns" ? 0 : 1;
  const transform = chain(
    retracted ? retractedTrace(momentum, axis) : trace(momentum, { nesterov }),
    manifoldNormalized({ point, eps, axis, weightDecay }),
    scaleByLearningRate(learningRate, schedule),
  );
  const scale: Method["scale"] = ({ shape }) => {
    const [rows, cols] = matrixSides(shape);
    return 0.2 * Math.sqrt(axis === 1 ? cols : rows);
  };
  return [
    { name, takes: hiddenWeights, transform, scale },
    auxiliaryAdamW(options, schedule, { epsBeforeCorrection: true }),
  ];
}
