import { chain } from "../../core/chain.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByAdam } from "../../transforms/scaleByAdam.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { everything, type Method } from "../definition.ts";
import { nonNegative, type Option, pastWeight, rate, type ValuesOf, value } from "../options.ts";

type SharedOption = "b1" | "b2" | "eps";

interface AuxiliaryDefaults {
  readonly learningRate: number | "same";
  readonly weightDecay: number | "same";
  readonly eps: number;
  /** Default 0.9. */
  readonly b1?: number;
  /** Default 0.95. */
  readonly b2?: number;
  /** Options that the method itself reads, too. Default none. */
  readonly shared?: readonly SharedOption[];
}

/**
 * Options of the AdamW that takes what a matrix method leaves: embeddings, head, gains and biases. `same`
 * means the value of the method itself. The names without "auxiliary" have no other meaning in these methods.
 */
export const auxiliaryOptions = (defaults: AuxiliaryDefaults) => {
  const only = <T>(option: Option<T>, name: SharedOption): Option<T> =>
    defaults.shared?.includes(name) ? option : { ...option, of: "adamw" };
  return {
    auxiliaryLearningRate: orSame(
      rate(0, "learning rate of AdamW for embeddings, head, gains and biases"),
      defaults.learningRate,
    ),
    auxiliaryWeightDecay: orSame(nonNegative(0, "weight decay of AdamW, decoupled"), defaults.weightDecay),
    b1: only(pastWeight(defaults.b1 ?? 0.9, "AdamW: weight of the past in the average of gradients"), "b1"),
    b2: only(pastWeight(defaults.b2 ?? 0.95, "AdamW: weight of the past in the average of squares"), "b2"),
    eps: only(nonNegative(defaults.eps, "AdamW: added outside the root"), "eps"),
  };
};

function orSame<T extends number | Rate>(option: Option<T>, initial: T | "same"): Option<T | "same"> {
  const check = (given: unknown): T | "same" | undefined => (given === "same" ? "same" : option.check(given));
  return { ...value<T | "same">(initial, `${option.range}, or same`, option.doc, check), of: "adamw" };
}

type AuxiliaryValues = ValuesOf<ReturnType<typeof auxiliaryOptions>> & {
  readonly learningRate: Rate;
  readonly weightDecay?: number;
};

/**
 * The same for methods whose own b1, b2 and eps mean what AdamW's do: one set of names for both.
 */
export const matrixAuxiliaryOptions = {
  auxiliaryLearningRate: orSame(
    rate(0, "learning rate of AdamW for embeddings, head, gains and biases"),
    "same",
  ),
  auxiliaryWeightDecay: orSame(nonNegative(0, "weight decay of AdamW, decoupled"), "same"),
  auxiliaryB2: { ...pastWeight(0.95, "AdamW: weight of the past in the average of squares"), of: "adamw" },
};

type MatrixAuxiliaryValues = ValuesOf<typeof matrixAuxiliaryOptions> & {
  readonly learningRate: Rate;
  readonly weightDecay: number;
};

/** AdamW with b1 0.9, eps 1e-8 and the given b2 for what a matrix method leaves. */
export function matrixAuxiliary(values: MatrixAuxiliaryValues, schedule: Schedule | undefined): Method {
  const { auxiliaryB2: b2, ...rest } = values;
  const adamw = auxiliaryAdamW({ ...rest, b1: 0.9, b2, eps: 1e-8 }, schedule);
  return { ...adamw, reads: (option) => option in matrixAuxiliaryOptions };
}

/** AdamW for every parameter no other method of the recipe takes. */
export function auxiliaryAdamW(
  values: AuxiliaryValues,
  schedule: Schedule | undefined,
  { epsBeforeCorrection = false }: { epsBeforeCorrection?: boolean } = {},
): Method {
  const { auxiliaryLearningRate, auxiliaryWeightDecay, b1, b2, eps, learningRate, weightDecay = 0 } = values;
  const transform = chain(
    scaleByAdam({ b1, b2, eps, epsBeforeCorrection }),
    addDecayedWeights(auxiliaryWeightDecay === "same" ? weightDecay : auxiliaryWeightDecay),
    scaleByLearningRate(auxiliaryLearningRate === "same" ? learningRate : auxiliaryLearningRate, schedule),
  );
  const reads = ["auxiliaryLearningRate", "auxiliaryWeightDecay", "b1", "b2", "eps"];
  return { name: "adamw", takes: everything, reads: (option) => reads.includes(option), transform };
}
