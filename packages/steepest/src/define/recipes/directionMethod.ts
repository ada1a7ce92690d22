import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { frobenius } from "../../norms/frobenius.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { oracleStep } from "../../steps/oracleStep.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByShape, shapeScales } from "../../transforms/scaleByShape.ts";
import { hiddenWeights, type Method } from "../definition.ts";
import { choice, nonNegative, pastWeight, rate, type ValuesOf } from "../options.ts";

/** Options of the nuclear-norm family, from nsgd to muon_exact, for hidden weights. */
export const directionOptions = {
  learningRate: rate(1e-3, "learning rate η of hidden weights: the length of a step in the method's norm"),
  momentum: pastWeight(0.9, "momentum μ, the weight of the past; the draft leaves it free"),
  weightDecay: nonNegative(0, "weight decay λ, decoupled; the draft has none"),
  scale: choice("none", ["none", "rms", "moonlight"], "factor: 1, √(A/B) or 0.2√max(A, B)"),
};

type Values = ValuesOf<typeof directionOptions>;

/** Momentum, a direction of unit norm, shape factor, decay, rate. */
export function directionMethod(
  name: string,
  direction: Transform,
  { learningRate, momentum, weightDecay, scale }: Values,
  schedule: Schedule | undefined,
): Method {
  const transform = chain(
    momentumEstimate(momentum),
    direction,
    scaleByShape(scale),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  const factor: Method["scale"] = ({ shape }) => shapeScales[scale](...matrixSides(shape));
  return { name, takes: hiddenWeights, transform, scale: factor };
}

/** M/(‖M‖_F + 1e-12). */
export const unitFrobenius = (): Transform => oracleStep(frobenius({ eps: 1e-12 }));
