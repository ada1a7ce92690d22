import type { StepMetrics } from "../plan/runObserver.ts";
import type { CompareRow } from "./compareRow.ts";
import type { PlannedRun } from "./planComparison.ts";

/** Callbacks for progress displays. */
export interface CompareObserver {
  onRunStart?(run: PlannedRun): void;
  /** Of a comparison that goes on: this run is not made again. */
  onRunKept?(run: PlannedRun, row: CompareRow): void;
  /** A remark about a run. */
  onPrepare?(run: PlannedRun, line: string): void;
  onStep?(run: PlannedRun, metrics: StepMetrics, tokensPerStep: number): void;
  onEval?(run: PlannedRun, step: number, valLoss: number, valAccuracy?: number): void;
  onRunEnd?(run: PlannedRun, row: CompareRow): void;
}
