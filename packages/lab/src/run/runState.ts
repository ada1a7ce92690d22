import type { TrainingEngine } from "../engine/trainingEngine.ts";
import type { FolderLock } from "../files/folderLock.ts";
import type { StepMetrics } from "../plan/runObserver.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import type { RunWatcher } from "../watch/startWatching.ts";
import type { WatchLine } from "../watch/watchLine.ts";
import type { LinesLog } from "./linesLog.ts";
import type { MetricsLog } from "./metricsLog.ts";
import type { SampleWriter } from "./withSamples.ts";

/** A run that stands at a step. */
export interface RunState {
  readonly run: PreparedRun;
  readonly runDir: string;
  /** Of the run folder. */
  readonly lock: FolderLock;
  readonly engine: TrainingEngine;
  readonly log: MetricsLog;
  /** Of a run that is watched. */
  readonly watch: Watch | undefined;
  /** Of a run that writes texts on the way. */
  readonly samples: SampleWriter | undefined;
  /** Metrics of the steps before. */
  readonly earlier: readonly StepMetrics[];
  readonly fromStep: number;
  /** Training time until `fromStep`. */
  readonly seconds: number;
}

/** What looks at a run, and where its lines go. */
export interface Watch {
  readonly watcher: RunWatcher;
  readonly log: LinesLog<WatchLine>;
}
