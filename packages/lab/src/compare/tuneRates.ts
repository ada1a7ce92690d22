import { join } from "node:path";

import { rateOptions } from "../plan/rates/chooseRates.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RateOrigin, RunPlan } from "../plan/runPlan.ts";
import { NonFiniteLossError } from "../run/runErrors.ts";
import { mapAtOnce } from "./mapAtOnce.ts";
import type { PlannedRun } from "./planComparison.ts";
import type { Runner } from "./runner.ts";

/** One short run of the search. */
export interface RateTrial {
  readonly label: string;
  readonly rates: Readonly<Record<string, number>>;
  /** Null where the run diverged. */
  readonly valLoss: number | null;
}

export interface TunedComparison {
  /** The runs with the rates that were found. */
  readonly planned: readonly PlannedRun[];
  readonly trials: readonly RateTrial[];
  /** Optimizers whose best rate is the smallest or largest that was tried. */
  readonly atEdge: readonly string[];
}

export interface TuneIo {
  /** Folder of the trials' runs. */
  readonly folder: string;
  readonly runner: Runner;
  readonly signal?: AbortSignal | undefined;
  /** Trials that need not be made again. */
  readonly known?: readonly RateTrial[];
  /** Trials of one optimizer that are made at once. Default 1. */
  readonly atOnce?: number;
  readonly report?: ((line: string) => void) | undefined;
  /** Gets all trials so far, whenever one has ended. */
  readonly onTrial?: (trials: readonly RateTrial[]) => void;
}

/** Runs of every optimizer. */
export const TRIALS = 7;
/** A trial has this share of the steps, with a whole schedule of its own: a longer one cut short ranks rates wrongly. */
const SHORTER = 4;
/** Apart from the seeds that are compared. */
const SEED = 1000;

/**
 * The same search for every optimizer whose rate was not given: seven complete runs of a quarter of the steps. One rate
 * is tried at 3⁻³ … 3³ times the one in force; where AdamW beside it has a rate of its own, both together at
 * 3⁻² … 3², then that one alone at a third and three times its value. The best final validation loss wins.
 */
export async function tuneRates(planned: readonly PlannedRun[], io: TuneIo): Promise<TunedComparison> {
  const { known = [], atOnce = 1 } = io;
  const trials: RateTrial[] = [];
  const atEdge: string[] = [];
  const found = new Map<string, Readonly<Record<string, number>>>();
  let begun = 0;
  for (const label of new Set(planned.map((run) => run.label))) {
    const plan = planned.find((run) => run.label === label)?.plan;
    if (plan === undefined) continue;
    const free = rateOptions(plan.optimizer).filter(
      (name) => plan.rateOrigins[name] !== "given" && typeof plan.optimizerOptions[name] === "number",
    );
    if (free.length === 0) continue;
    const start = Object.fromEntries(free.map((name) => [name, Number(plan.optimizerOptions[name])]));
    const attempt = async (factors: Readonly<Record<string, number>>): Promise<RateTrial> => {
      const number = ++begun;
      const rates = Object.fromEntries(
        free.map((name) => [name, round((start[name] ?? 0) * (factors[name] ?? 1))]),
      );
      const before = known.find((one) => sameTrial(one, { label, rates }));
      const trial = before ?? {
        label,
        rates,
        valLoss: await finalLoss(shortPlan(plan, rates), trialFolder(io.folder, number, label), io),
      };
      trials.push(trial);
      io.onTrial?.(trials);
      const loss = trial.valLoss === null ? "diverged" : trial.valLoss.toFixed(4);
      io.report?.(
        `tuning ${label}, ${describe(rates)}: ${loss}${before === undefined ? "" : " (made before)"}`,
      );
      return trial;
    };
    const [main = "", second] = free;
    const reach = second === undefined ? 3 : 2;
    const powers = Array.from({ length: 2 * reach + 1 }, (_, i) => 3 ** (i - reach));
    const own = await mapAtOnce(powers, atOnce, (power) =>
      attempt(Object.fromEntries(free.map((name) => [name, power]))),
    );
    const joint = best(own);
    if (joint !== undefined && own.indexOf(joint) % (own.length - 1) === 0) atEdge.push(label);
    if (second !== undefined && joint !== undefined) {
      const factor = (joint.rates[main] ?? 0) / (start[main] ?? 1);
      own.push(
        ...(await mapAtOnce([1 / 3, 3], atOnce, (beside) =>
          attempt({ [main]: factor, [second]: factor * beside }),
        )),
      );
    }
    found.set(label, best(own)?.rates ?? start);
  }
  return { planned: planned.map((run) => withRates(run, found.get(run.label))), trials, atEdge };
}

function withRates(run: PlannedRun, rates: Readonly<Record<string, number>> | undefined): PlannedRun {
  if (rates === undefined) return run;
  return { ...run, plan: resolvePlan(run.plan, { optimizerOptions: rates, rateOrigins: tuned(rates) }) };
}

/** The plan of a trial: the job with a quarter of the steps, and otherwise the rates of the whole job. */
function shortPlan(whole: RunPlan, rates: Readonly<Record<string, number>>): RunPlan {
  const steps = Math.max(10, Math.round(whole.steps / SHORTER));
  const warmup = Math.min(Math.round(whole.warmup / SHORTER), steps);
  const short = { steps, warmup, seed: SEED, evalEvery: steps };
  return resolvePlan(whole, { ...short, optimizerOptions: rates, rateOrigins: tuned(rates) });
}

const tuned = (rates: Readonly<Record<string, number>>): Record<string, RateOrigin> =>
  Object.fromEntries(Object.keys(rates).map((name) => [name, "tuned"]));

const trialFolder = (folder: string, number: number, label: string): string =>
  join(folder, `${number}-${label.replace(/[^A-Za-z0-9._=-]+/g, "-").slice(0, 60)}`);

async function finalLoss(
  plan: RunPlan,
  out: string,
  { runner, signal, known }: TuneIo,
): Promise<number | null> {
  signal?.throwIfAborted();
  try {
    const resume = known !== undefined;
    const { valLoss } = await runner(plan, { out, resume, ...(signal && { signal }) });
    return valLoss;
  } catch (error) {
    if (error instanceof NonFiniteLossError) return null;
    throw error;
  }
}

const best = (trials: readonly RateTrial[]): RateTrial | undefined =>
  trials
    .filter(({ valLoss }) => valLoss !== null)
    .reduce<RateTrial | undefined>(
      (low, trial) => (low === undefined || Number(trial.valLoss) < Number(low.valLoss) ? trial : low),
      undefined,
    );

/** Three digits, so that tables and folders stay readable. */
const round = (rate: number): number => Number(rate.toPrecision(3));

/** Whether two trials are of the same optimizer with the same rates. */
export function sameTrial(a: Omit<RateTrial, "valLoss">, b: Omit<RateTrial, "valLoss">): boolean {
  const names = Object.keys(a.rates);
  const same =
    names.length === Object.keys(b.rates).length && names.every((name) => a.rates[name] === b.rates[name]);
  return same && a.label === b.label;
}

const describe = (rates: Readonly<Record<string, number>>): string =>
  Object.entries(rates)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
