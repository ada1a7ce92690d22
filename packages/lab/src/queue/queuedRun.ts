import * as v from "valibot";

import { parsePlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import { versionOf } from "../run/environment.ts";

/** A run as a queue carries it, from the sweep to a worker. */
export interface QueuedRun {
  /** Of the sweep and the trial: the same however often it is handed over. */
  readonly id: string;
  /** Which sweep it is of. */
  readonly sweep: string;
  /** The folder of the sweep as its own machine sees it. */
  readonly folder: string;
  /** Of the run's folder below `trials/`. */
  readonly name: string;
  readonly label: string;
  readonly plan: RunPlan;
  /** Of the program that made the plan. */
  readonly version: string;
}

/** For all runs of this program. */
export const ownVersion = (): string => versionOf("@steepest/lab");

const schema = v.object({
  id: v.string(),
  sweep: v.string(),
  folder: v.string(),
  name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._=-]+$/)),
  label: v.string(),
  plan: v.unknown(),
  version: v.string(),
});

/** Reads a run that came out of a queue. Throws a sentence where it is none, or of another version of this program. */
export function readQueuedRun(value: unknown): QueuedRun {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw new Error("what came out of the queue is no run of a sweep");
  const { plan, ...rest } = parsed.output;
  if (rest.version !== ownVersion()) {
    throw new Error(
      `the sweep is made with steepest ${rest.version} and this worker is ${ownVersion()}: give both the same version`,
    );
  }
  return { ...rest, plan: resolvePlan(parsePlanInput(plan, "a run of the queue")) };
}
