import { modelKind } from "@steepest/models";
import type { PlannedRun } from "../compare/planComparison.ts";
import type { CompareObserver } from "../compare/runComparison.ts";
import type { OptimizerProgress } from "./compareProgress.ts";

interface Entry {
  state: OptimizerProgress["state"];
  /** Steps of runs that have ended. A run that stopped early counts as done: nothing of it is to come. */
  before: number;
  step: number;
  steps: number;
  runs: number;
  elapsedMs: number;
  startedAt: number | undefined;
  stopped: boolean;
  readonly speedUnit: string;
  latest: Pick<OptimizerProgress, "trainLoss" | "valLoss" | "valAccuracy" | "tokensPerSecond">;
}

const speedUnits = { language: "tok/s", image: "img/s", problem: "/s" } as const;

/** Follows a comparison and says at any time how far each optimizer is. `now` is a clock in milliseconds. */
export function compareTracker(
  planned: readonly PlannedRun[],
  now: () => number = () => performance.now(),
): { observer: CompareObserver; progress(): OptimizerProgress[] } {
  const entries = new Map<string, Entry>();
  for (const { label, plan } of planned) {
    const entry = entries.get(label);
    if (entry) {
      entry.steps += plan.steps;
      entry.runs++;
    } else {
      const speedUnit = speedUnits[modelKind(plan.model)];
      const fresh = {
        speedUnit,
        before: 0,
        step: 0,
        elapsedMs: 0,
        startedAt: undefined,
        stopped: false,
        latest: {},
      };
      entries.set(label, { state: "waiting", steps: plan.steps, runs: 1, ...fresh });
    }
  }
  const of = (run: PlannedRun, change: (entry: Entry) => void): void => {
    const entry = entries.get(run.label);
    if (entry) change(entry);
  };
  const observer: CompareObserver = {
    onRunStart: (run) =>
      of(run, (entry) => {
        entry.state = "running";
        entry.startedAt = now();
        entry.step = 0;
        entry.latest = {};
      }),
    onStep: (run, { step, loss, ms }, tokensPerStep) =>
      of(run, (entry) => {
        entry.step = step;
        entry.latest = {
          ...entry.latest,
          ...(loss !== undefined && { trainLoss: loss }),
          ...(ms !== undefined && ms > 0 && { tokensPerSecond: (1000 * tokensPerStep) / ms }),
        };
      }),
    onEval: (run, _, valLoss, valAccuracy) =>
      of(run, (entry) => {
        entry.latest = { ...entry.latest, valLoss, ...(valAccuracy !== undefined && { valAccuracy }) };
      }),
    onRunEnd: (run, row) =>
      of(run, (entry) => {
        entry.elapsedMs += now() - (entry.startedAt ?? now());
        entry.startedAt = undefined;
        entry.stopped ||= row.status !== "finished";
        // What a stopped run did not do will not be done: the total shrinks.
        entry.steps -= run.plan.steps - entry.step;
        entry.before += entry.step;
        entry.step = 0;
        entry.runs--;
        entry.state = entry.runs > 0 ? "waiting" : entry.stopped ? "stopped" : "done";
      }),
  };
  return {
    observer,
    progress: () =>
      [...entries].map(([label, entry]) => ({
        label,
        state: entry.state,
        done: entry.before + entry.step,
        steps: entry.steps,
        elapsedMs: entry.elapsedMs + (entry.startedAt === undefined ? 0 : now() - entry.startedAt),
        speedUnit: entry.speedUnit,
        ...entry.latest,
      })),
  };
}
