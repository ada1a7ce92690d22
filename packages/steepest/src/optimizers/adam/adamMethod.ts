import { chain } from "../../core/chain.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { everything, type Method } from "../../define/definition.ts";
import { choice, flag, nonNegative, rate, type ValuesOf } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByAdam } from "../../transforms/scaleByAdam.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { momentOptions } from "./momentOptions.ts";

interface DecayDefaults {
  readonly weightDecay: number;
  readonly weightDecayMode: "l2" | "decoupled";
}

/** The options of `adam` and `adamw`, which differ in the defaults of their decay. */
export const adamOptions = ({ weightDecay, weightDecayMode }: DecayDefaults) => ({
  learningRate: rate(1e-3, "learning rate η"),
  ...momentOptions,
  epsInsideRoot: flag(false, "add eps to v̂ inside the root, as some papers print it"),
  epsBeforeCorrection: flag(false, "add eps to the uncorrected root, as Moonlight and Mano do"),
  amsgrad: flag(false, "divide by the largest average so far"),
  weightDecay: nonNegative(weightDecay, "weight decay λ"),
  weightDecayMode: choice(
    weightDecayMode,
    ["l2", "decoupled"],
    "λW added to the gradient, or the weight shrunk by ηλ",
  ),
});

/** Adam's step for every parameter, with decay before or after the division by √v. */
export function adamMethod(
  name: string,
  values: ValuesOf<ReturnType<typeof adamOptions>>,
  schedule: Schedule | undefined,
): Method {
  const { learningRate, weightDecay, weightDecayMode, ...rest } = values;
  const transform = chain(
    addDecayedWeights(weightDecayMode === "l2" ? weightDecay : 0),
    scaleByAdam(rest),
    addDecayedWeights(weightDecayMode === "decoupled" ? weightDecay : 0),
    scaleByLearningRate(learningRate, schedule),
  );
  return { name, takes: everything, transform };
}
