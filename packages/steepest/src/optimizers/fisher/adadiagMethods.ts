import { chain } from "../../core/chain.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { flag, integer, nonNegative, pastWeight, rate, type ValuesOf } from "../../define/options.ts";
import { matrixAuxiliary, matrixAuxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { rotate, rotatedDiagonal, type Sides, unrotate } from "../../fisher/rotatedDiagonal.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { preconditioned } from "../../transforms/preconditioned.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

/** Options of `adadiag` and `adadiag_pp`. */
export const adadiagOptions = {
  learningRate: rate(1e-3, "learning rate η"),
  b1: pastWeight(0.9, "weight of the past in the average of gradients"),
  b2: pastWeight(0.999, "weight of the past in the average of rotated squares"),
  refreshEvery: integer(200, 1, "T: steps between two bases"),
  rerotate: flag(true, "carry the average of gradients over to a new basis; false: its rotated entries stay"),
  eps: nonNegative(1e-8, "added outside the root"),
  weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  ...matrixAuxiliaryOptions,
};

/**
 * Adam in the singular bases of one gradient on the sides given, for hidden weights. The average of gradients
 * is kept unrotated, which is to carry the paper's rotated one over to every new basis; with `rerotate:
 * false` it is moved so that its rotated entries stay, and then depends on the arbitrary signs of singular
 * vectors. Rotated entries below 1e-6 of the largest count as 0: in the bases of a gradient itself they are
 * rounding, which the division would bring to ±1.
 */
export function adadiagMethods(
  name: string,
  sides: Sides,
  values: ValuesOf<typeof adadiagOptions>,
  schedule: Schedule | undefined,
): readonly Method[] {
  const { learningRate, b1, b2, refreshEvery, rerotate, eps, weightDecay } = values;
  const transform = chain(
    preconditioned(rotatedDiagonal({ sides, tracked: false, flushBelow: 1e-6, eps }), {
      b1,
      b2,
      refresh: { every: refreshEvery, at: "start" },
      ...(rerotate ? {} : { moveMean: (mean, before, after) => unrotate(after, rotate(before, mean)) }),
    }),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  return [{ name, takes: hiddenWeights, transform }, matrixAuxiliary(values, schedule)];
}
