import { chain } from "../../core/chain.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { integer, nonNegative, pastWeight, positive, rate, type ValuesOf } from "../../define/options.ts";
import { matrixAuxiliary, matrixAuxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scale } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByAlice } from "./scaleByAlice.ts";

/** Options of `alice` and `alice0`. */
export const aliceOptions = {
  learningRate: rate(0.02, "learning rate η"),
  alpha: positive(0.3, "α: factor on the step"),
  compensation: nonNegative(0.4, "α_c: factor on the part outside the basis"),
  b1: pastWeight(0.9, "weight of the past in the averages of σ and p"),
  b2: pastWeight(0.9, "weight of the past in the average of σ²"),
  rank: integer(128, 1, "r: directions of the shorter side"),
  leading: integer(40, 0, "l: directions that a switch keeps"),
  switchEvery: integer(200, 1, "K: steps between two switches"),
  gamma: positive(1.01, "γ: most that the norm of the compensation grows in a step"),
  eps: nonNegative(1e-8, "added outside the root"),
  seed: integer(0, 0, "seed of the new directions"),
  weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  ...matrixAuxiliaryOptions,
  // η = 0.02 is far too large for AdamW
  auxiliaryLearningRate: { ...matrixAuxiliaryOptions.auxiliaryLearningRate, default: 1e-3 },
};

/** Alice's step for hidden weights, with tracking where b3 > 0, and AdamW for the rest. */
export function aliceMethods(
  name: string,
  b3: number,
  values: ValuesOf<typeof aliceOptions>,
  schedule: Schedule | undefined,
): readonly Method[] {
  const { learningRate, alpha, switchEvery: every, weightDecay } = values;
  const transform = chain(
    scaleByAlice({ ...values, b3, every }),
    scale(alpha),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  return [{ name, takes: hiddenWeights, transform, scale: () => alpha }, matrixAuxiliary(values, schedule)];
}
