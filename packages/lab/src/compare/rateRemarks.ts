import { describeRates } from "../plan/rates/describeRates.ts";
import type { RateOrigin } from "../plan/runPlan.ts";
import type { PlannedRun } from "./planComparison.ts";

/** The rates of a comparison's optimizers, and what is unfair about them. */
export interface RateRemarks {
  /** `muon: learningRate 0.04, … (best found for this job)`, a line for each label. */
  readonly rates: readonly string[];
  /** Undefined where all rates were found in the same way. */
  readonly warning: string | undefined;
}

/** Chosen with the job in view. */
const tuned: readonly RateOrigin[] = ["measured", "tuned"];

/**
 * Which learning rates are in force. It is no fair comparison where some optimizers run at rates found for this job and
 * others at their own defaults, nor a telling one where none was tuned: then the defaults are compared, not the methods.
 */
export function rateRemarks(planned: readonly PlannedRun[]): RateRemarks {
  const labels = [...new Set(planned.map(({ label }) => label))];
  const first = labels.flatMap((label) => planned.find((run) => run.label === label) ?? []);
  const origins = (run: PlannedRun): RateOrigin[] => Object.values(run.plan.rateOrigins);
  const names = (runs: readonly PlannedRun[]): string => runs.map(({ label }) => label).join(", ");
  const untuned = first.filter((run) =>
    origins(run).some((origin) => /published|preset|fine-tuning/.test(origin)),
  );
  const found = first.filter((run) => !untuned.includes(run) && origins(run).some((o) => tuned.includes(o)));
  return {
    rates: first.map(({ label, plan }) => `${label}: ${describeRates(plan)}`),
    warning: unfair(names(untuned), names(found), first.length > 1),
  };
}

function unfair(untuned: string, found: string, several: boolean): string | undefined {
  if (untuned === "" || !several) return undefined;
  const advice = "--tune gives every optimizer the same short search";
  if (found !== "") {
    return `Not a fair comparison: ${found} at rates found for this job, ${untuned} at rates that were not; ${advice}.`;
  }
  return `The rates of ${untuned} were not tuned for this job, so that defaults are compared more than methods; ${advice}.`;
}
