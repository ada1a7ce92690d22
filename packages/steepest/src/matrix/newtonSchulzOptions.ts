import {
  type CoefficientSet,
  type Coefficients,
  type ScheduleMode,
  scheduleFor,
} from "./coefficients/coefficientSet.ts";
import { type CoefficientSetName, coefficientSet } from "./coefficients/named.ts";
import { type Normalization, type NormalizationName, normalizationFrom } from "./normalization.ts";

/** What every form of the iteration takes. */
export interface IterationOptions {
  /** A named set, a set of one's own, or a bare list of (a, b, c). Default "keller". */
  readonly coefficients?: CoefficientSetName | CoefficientSet | readonly Coefficients[];
  /** Number of iterations. Default: the set's own; for a bare list its length. */
  readonly steps?: number;
  /** How the list goes on when there are more steps than entries. Default: the set's own; "cycle" for a bare list. */
  readonly mode?: ScheduleMode;
  /**
   * What comes before the first step. Default "invariant": divide by the set's safety times the Frobenius norm,
   * no eps. Give "keller" etc. for the eps of a published code.
   */
  readonly normalization?: NormalizationName | Partial<Normalization>;
}

/** The steps and the normalization that options ask for. Throws for options that make no sense. */
export function resolveNewtonSchulz({
  coefficients = "keller",
  steps,
  mode,
  normalization = "invariant",
}: IterationOptions): { schedule: Coefficients[]; normalization: Normalization } {
  const set = setFrom(coefficients);
  const chosen = mode === undefined ? set : { ...set, mode };
  return {
    schedule: scheduleFor(chosen, steps ?? set.steps),
    normalization: normalizationFrom(normalization, set.safety),
  };
}

type Schedule = Pick<CoefficientSet, "name" | "schedule" | "mode" | "steps" | "safety" | "maxSteps">;

function setFrom(coefficients: NonNullable<IterationOptions["coefficients"]>): Schedule {
  if (typeof coefficients === "string") return coefficientSet(coefficients);
  if ("schedule" in coefficients) return coefficients;
  if (coefficients.length === 0)
    throw new RangeError("newtonSchulz: coefficients is an empty list; give at least one (a, b, c)");
  return {
    name: "a list of coefficients",
    schedule: coefficients,
    mode: "cycle",
    steps: coefficients.length,
    safety: 1,
  };
}
