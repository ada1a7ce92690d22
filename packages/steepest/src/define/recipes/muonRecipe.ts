import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { addCautiousDecay } from "../../transforms/addCautiousDecay.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { ema } from "../../transforms/ema.ts";
import { emaCorrected } from "../../transforms/emaCorrected.ts";
import { orthogonalize } from "../../transforms/orthogonalize.ts";
import { scale as scaleBy } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import {
  type ShapeScale,
  scaleByShape,
  shapeScaleNames,
  shapeScales,
} from "../../transforms/scaleByShape.ts";
import { trace } from "../../transforms/trace.ts";
import { type Extras, hiddenWeights, type Method } from "../definition.ts";
import { choice, flag, nonNegative, pastWeight, positive, rate, type ValuesOf } from "../options.ts";
import { type PolarDefaults, type PolarValues, polarFrom, polarOptions } from "./polarOptions.ts";

/** What the recipes with momentum, a direction, a shape factor and decay differ in. */
export interface StepDefaults {
  readonly learningRate: number;
  readonly momentum?: number;
  readonly nesterov: boolean;
  readonly momentumForm: "ema" | "sum";
  readonly weightDecay: number;
  readonly scale: ShapeScale;
  readonly extraScale?: number;
}

/** Options of momentum, shape factor, decay and rate for hidden weights. */
export const stepOptions = (defaults: StepDefaults) => ({
  learningRate: rate(defaults.learningRate, "learning rate η of hidden weights"),
  momentum: pastWeight(defaults.momentum ?? 0.95, "momentum μ, the weight of the past"),
  nesterov: flag(defaults.nesterov, "Nesterov's look-ahead"),
  momentumForm: choice(
    defaults.momentumForm,
    ["ema", "sum"],
    "M ← μM + (1−μ)G, or μM + G; the same step but for rounding",
  ),
  biasCorrection: flag(
    false,
    "with nesterov and ema: divide M by 1 − μ^(t+1) and G by 1 − μ^t before they are mixed",
  ),
  weightDecay: nonNegative(defaults.weightDecay, "weight decay λ"),
  weightDecayMode: choice(
    "decoupled",
    ["decoupled", "cautious", "l2"],
    "the weight shrunk by ηλ, everywhere or only where the step shrinks it too; or λW added to the gradient",
  ),
  scale: choice(
    defaults.scale,
    shapeScaleNames,
    "factor on O: √max(1, A/B), 0.2√max(A, B), √max(A, B), √(A/B) or 1",
  ),
  extraScale: positive(defaults.extraScale ?? 1, "a further factor on O"),
});

/** The options of Muon for hidden weights, with a flavour's defaults. */
export const muonOptions = (defaults: StepDefaults & PolarDefaults) => ({
  ...stepOptions(defaults),
  ...polarOptions(defaults),
});

export type StepValues = ValuesOf<ReturnType<typeof stepOptions>>;

/** The polar factor of every update, as the options describe it. */
export function orthogonalizeBy(values: PolarValues): Transform {
  return orthogonalize(polarFrom(values));
}

/** The stages that only some values of the options ask for. */
type RareStages = Pick<Extras, "trace" | "emaCorrected" | "addCautiousDecay">;

const stages: RareStages = { trace, emaCorrected, addCautiousDecay };

/** Momentum as the options describe it. */
export const stepMomentum = (values: StepValues): Transform => momentumOf(values, stages);

function momentumOf(values: StepValues, rare: RareStages): Transform {
  const { momentum, nesterov, momentumForm, biasCorrection } = values;
  if (momentumForm === "sum") return rare.trace(momentum, { nesterov });
  return nesterov && biasCorrection ? rare.emaCorrected(momentum) : ema(momentum, { nesterov });
}

/** A method for hidden weights: decay of mode l2, momentum, `direction`, shape factor, other decay, rate. */
export function stepMethod(
  name: string,
  direction: Transform,
  values: StepValues,
  schedule: Schedule | undefined,
): Method {
  return stepMethodWith(stages, name, direction, values, schedule);
}

/** `stepMethod`, its rare stages given: an import that does not give them does not bring them. */
export function stepMethodWith(
  rare: RareStages,
  name: string,
  direction: Transform,
  values: StepValues,
  schedule: Schedule | undefined,
): Method {
  const { learningRate, weightDecay, weightDecayMode, scale, extraScale } = values;
  return {
    name,
    takes: hiddenWeights,
    transform: chain(
      addDecayedWeights(weightDecayMode === "l2" ? weightDecay : 0),
      momentumOf(values, rare),
      direction,
      scaleByShape(scale),
      scaleBy(extraScale),
      weightDecayMode === "cautious"
        ? rare.addCautiousDecay(weightDecay)
        : addDecayedWeights(weightDecayMode === "decoupled" ? weightDecay : 0),
      scaleByLearningRate(learningRate, schedule),
    ),
    scale: ({ shape }) => shapeScales[scale](...matrixSides(shape)) * extraScale,
  };
}
