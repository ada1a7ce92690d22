import {
  type CoefficientSchedule,
  type Coefficients,
  type ScheduleMode,
  scheduleFor,
} from "./coefficients/coefficientSet.ts";
import { expectNoFlip } from "./coefficients/expectNoFlip.ts";
import { type CoefficientSetName, coefficientSet } from "./coefficients/named.ts";
import { type Normalization, type NormalizationName, normalizationFrom } from "./normalization.ts";

/** What every form of the iteration takes. */
export interface IterationOptions {
  /**
   * A named set, a set of one's own, or a bare list of (a, b, c). Default "keller". One whose steps together send some σ in (0, 1]
   * below zero is refused unless it says `flipsSign` itself, as the named `cubic5` and `aol4` do; `aol4` needs normalization "aol".
   */
  readonly coefficients?: CoefficientSetName | CoefficientSchedule | readonly Coefficients[];
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
  const before = normalizationFrom(normalization, set.safety);
  if (set.requires === "aol" && before.rows !== "aol")
    throw new RangeError(
      `coefficients "${set.name}" are made for rows scaled by AOL and turn updates of low rank around without it: give ` +
        'normalization: "aol" with them, or take "keller" or "you5"',
    );
  return { schedule: checkedSchedule(set, steps ?? set.steps, mode ?? set.mode), normalization: before };
}

/** Schedules that were found to keep signs, by the list they come from; a set is asked for at every eager step. */
const checked = new WeakMap<readonly Coefficients[], Map<string, Coefficients[]>>();

function checkedSchedule(set: CoefficientSchedule, steps: number, mode: ScheduleMode): Coefficients[] {
  const known = checked.get(set.schedule) ?? new Map<string, Coefficients[]>();
  const key = JSON.stringify([steps, mode, set.flipsSign, set.maxSteps]); // "1" is no 1
  const found = known.get(key);
  if (found !== undefined) return found;
  const schedule = scheduleFor({ ...set, mode }, steps);
  expectNoFlip(set, schedule);
  checked.set(set.schedule, known.set(key, schedule));
  return schedule;
}

function setFrom(coefficients: NonNullable<IterationOptions["coefficients"]>): CoefficientSchedule {
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
    flipsSign: false,
  };
}
