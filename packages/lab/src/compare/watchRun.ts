import type { RunObserver, RunStart, StepMetrics } from "../plan/runObserver.ts";
import type { CompareObserver } from "./compareObserver.ts";
import type { CompareRow } from "./compareRow.ts";
import type { PlannedRun } from "./planComparison.ts";
import { stoppedRow } from "./rowOfRun.ts";

type Validation = Parameters<NonNullable<RunObserver["onEval"]>>[0];

/** Keeps what a run says on its way, for the row of one that never arrives, and hands it on. */
export function watchRun(
  run: PlannedRun,
  observer: CompareObserver | undefined,
): { metrics: readonly StepMetrics[]; observer: RunObserver; row(error: unknown): CompareRow } {
  const metrics: StepMetrics[] = [];
  let start: RunStart | undefined;
  return {
    metrics,
    observer: {
      onPrepare: (line) => observer?.onPrepare?.(run, line),
      onStart: (started: RunStart) => {
        start = started;
      },
      onEval: ({ step, seconds, valLoss, valAccuracy }: Validation) => {
        const accuracy = valAccuracy !== undefined && { valAccuracy };
        if (step === 0) metrics.push({ step, seconds, tokens: 0, valLoss, ...accuracy });
        observer?.onEval?.(run, step, valLoss, valAccuracy);
      },
      onStep: (line: StepMetrics) => {
        metrics.push(line);
        observer?.onStep?.(run, line, start?.tokensPerStep ?? 0);
      },
    },
    row: (error: unknown): CompareRow => stoppedRow(run, error, start, metrics),
  };
}
