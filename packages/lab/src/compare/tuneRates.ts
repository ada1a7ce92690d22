import { join } from "node:path";

import type { PlanInput } from "../plan/planInput.ts";
import { rateOptions } from "../plan/rates/chooseRates.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RateOrigin, RunPlan } from "../plan/runPlan.ts";
import { NonFiniteLossError } from "../run/runErrors.ts";
import type { Contender } from "./contender.ts";
import { quietRun } from "./planComparison.ts";
import type { Runner } from "./runner.ts";

/** One short run of the search. */
export interface RateTrial {
  readonly label: string;
  readonly rates: Readonly<Record<string, number>>;
  /** Null where the run diverged. */
  readonly valLoss: number | null;
}

export interface TunedContenders {
  readonly contenders: readonly Contender[];
  readonly trials: readonly RateTrial[];
  /** Optimizers whose best rate is the smallest or largest that was tried. */
  readonly atEdge: readonly string[];
}

export interface TuneIo {
  /** Folder of the trials' runs. */
  readonly folder: string;
  readonly runner: Runner;
  readonly signal?: AbortSignal | undefined;
  readonly report?: (line: string) => void;
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
export async function tuneRates(
  contenders: readonly Contender[],
  inputs: readonly PlanInput[],
  io: TuneIo,
): Promise<TunedContenders> {
  const trials: RateTrial[] = [];
  const atEdge: string[] = [];
  const tuned: Contender[] = [];
  for (const contender of contenders) {
    const plan = shortPlan(contender, inputs, {});
    const free = rateOptions(contender.optimizer).filter(
      (name) => contender.options[name] === undefined && typeof plan.optimizerOptions[name] === "number",
    );
    const start = Object.fromEntries(free.map((name) => [name, Number(plan.optimizerOptions[name])]));
    const attempt = async (factors: Readonly<Record<string, number>>): Promise<RateTrial> => {
      io.signal?.throwIfAborted();
      const rates = Object.fromEntries(
        free.map((name) => [name, round((start[name] ?? 0) * (factors[name] ?? 1))]),
      );
      const valLoss = await finalLoss(
        shortPlan(contender, inputs, rates),
        contender.label,
        trials.length,
        io,
      );
      const trial: RateTrial = { label: contender.label, rates, valLoss };
      trials.push(trial);
      io.report?.(
        `tuning ${contender.label}, ${describe(rates)}: ${valLoss === null ? "diverged" : valLoss.toFixed(4)}`,
      );
      return trial;
    };
    if (free.length === 0) {
      tuned.push(contender);
      continue;
    }
    const [main = "", second] = free;
    const reach = second === undefined ? 3 : 2;
    const own: RateTrial[] = [];
    for (let k = -reach; k <= reach; k++)
      own.push(await attempt(Object.fromEntries(free.map((name) => [name, 3 ** k]))));
    const joint = best(own);
    if (joint !== undefined && own.indexOf(joint) % (own.length - 1) === 0) atEdge.push(contender.label);
    if (second !== undefined && joint !== undefined) {
      const factor = (joint.rates[main] ?? 0) / (start[main] ?? 1);
      for (const beside of [1 / 3, 3]) own.push(await attempt({ [main]: factor, [second]: factor * beside }));
    }
    tuned.push({ ...contender, tuned: best(own)?.rates ?? start });
  }
  return { contenders: tuned, trials, atEdge };
}

/** The plan of a trial: the job with a quarter of the steps. */
function shortPlan(
  { optimizer, options }: Contender,
  inputs: readonly PlanInput[],
  rates: Readonly<Record<string, number>>,
): RunPlan {
  const whole = resolvePlan(quietRun, ...inputs, { optimizer, optimizerOptions: options });
  const steps = Math.max(10, Math.round(whole.steps / SHORTER));
  const warmup = Math.min(Math.round(whole.warmup / SHORTER), steps);
  const origins = Object.fromEntries(Object.keys(rates).map((name): [string, RateOrigin] => [name, "tuned"]));
  // The rates in force are those of the whole job.
  const optimizerOptions = { ...whole.optimizerOptions, ...rates };
  const short = {
    steps,
    warmup,
    seed: SEED,
    evalEvery: steps,
    optimizer,
    optimizerOptions,
    rateOrigins: origins,
  };
  return resolvePlan(quietRun, ...inputs, short);
}

async function finalLoss(plan: RunPlan, label: string, number: number, io: TuneIo): Promise<number | null> {
  const out = join(io.folder, `${number + 1}-${label.replace(/[^A-Za-z0-9._=-]+/g, "-").slice(0, 60)}`);
  try {
    const { valLoss } = await io.runner(plan, { out, ...(io.signal && { signal: io.signal }) });
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

const describe = (rates: Readonly<Record<string, number>>): string =>
  Object.entries(rates)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
