import { modelKind } from "@steepest/models";
import type { CompareObserver } from "../compare/compareObserver.ts";
import type { PlannedRun } from "../compare/planComparison.ts";
import type { OptimizerProgress } from "./compareProgress.ts";

type Latest = Pick<OptimizerProgress, "trainLoss" | "valLoss" | "valAccuracy" | "tokensPerSecond">;

/** How far one run is. */
interface RunProgress {
  readonly label: string;
  readonly planned: number;
  readonly speedUnit: string;
  state: OptimizerProgress["state"];
  step: number;
  /** The step it began at here; those before were made by a process before. */
  from: number | undefined;
  elapsedMs: number;
  startedAt: number | undefined;
  latest: Latest;
}

const speedUnits = { language: "tok/s", image: "img/s", problem: "/s" } as const;

/** Follows a comparison and says at any time how far each optimizer is. `now` is a clock in milliseconds. */
export function compareTracker(
  planned: readonly PlannedRun[],
  now: () => number = () => performance.now(),
): { observer: CompareObserver; progress(): OptimizerProgress[] } {
  const runs = new Map<PlannedRun, RunProgress>(
    planned.map((run) => [
      run,
      {
        label: run.label,
        planned: run.plan.steps,
        speedUnit: speedUnits[modelKind(run.plan.model)],
        state: "waiting",
        step: 0,
        from: undefined,
        elapsedMs: 0,
        startedAt: undefined,
        latest: {},
      },
    ]),
  );
  const of = (run: PlannedRun, change: (progress: RunProgress) => void): void => {
    const progress = runs.get(run);
    if (progress) change(progress);
  };
  const observer: CompareObserver = {
    onRunStart: (run) =>
      of(run, (progress) => {
        progress.state = "running";
        progress.startedAt = now();
      }),
    onRunKept: (run, row) =>
      of(run, (progress) => {
        progress.state = row.status === "finished" ? "done" : "stopped";
        progress.step = row.steps;
        progress.from = row.steps;
        if (row.valLoss !== null) progress.latest = { valLoss: row.valLoss };
      }),
    onStep: (run, { step, loss, ms }, tokensPerStep) =>
      of(run, (progress) => {
        progress.from ??= step - 1;
        progress.step = step;
        progress.latest = {
          ...progress.latest,
          ...(loss !== undefined && { trainLoss: loss }),
          ...(ms !== undefined && ms > 0 && { tokensPerSecond: (1000 * tokensPerStep) / ms }),
        };
      }),
    onEval: (run, step, valLoss, valAccuracy) =>
      of(run, (progress) => {
        if (step === 0) return; // beside the losses of later steps it would look like theirs
        progress.latest = { ...progress.latest, valLoss, ...(valAccuracy !== undefined && { valAccuracy }) };
      }),
    onRunEnd: (run, row) =>
      of(run, (progress) => {
        progress.elapsedMs = now() - (progress.startedAt ?? now());
        progress.startedAt = undefined;
        progress.state = row.status === "finished" ? "done" : "stopped";
      }),
  };
  const labels = [...new Set(planned.map(({ label }) => label))];
  const progress = (): OptimizerProgress[] =>
    labels.map((label) =>
      together(
        [...runs.values()].filter((run) => run.label === label),
        now(),
      ),
    );
  return { observer, progress };
}

/** All seeds of an optimizer. What a stopped run did not do is not to come: the total shrinks. */
function together(runs: readonly RunProgress[], now: number): OptimizerProgress {
  const has = (state: OptimizerProgress["state"]): boolean => runs.some((run) => run.state === state);
  const sum = (of: (run: RunProgress) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const shown =
    runs.find(({ state }) => state === "running") ?? runs.findLast(({ state }) => state !== "waiting");
  const state = (["running", "waiting", "stopped"] as const).find(has) ?? "done";
  const begun = sum(({ from = 0 }) => from);
  return {
    label: runs[0]?.label ?? "",
    state,
    done: sum(({ step }) => step),
    ...(begun > 0 && { doneBefore: begun }),
    steps: sum((run) => (run.state === "stopped" ? run.step : run.planned)),
    elapsedMs: sum(({ elapsedMs, startedAt }) => elapsedMs + (startedAt === undefined ? 0 : now - startedAt)),
    speedUnit: runs[0]?.speedUnit ?? "/s",
    ...shown?.latest,
  };
}
