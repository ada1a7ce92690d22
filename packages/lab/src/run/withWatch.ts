import type { TrainingEngine } from "../engine/trainingEngine.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import type { Watch } from "./runState.ts";
import { openWatchLog } from "./watchLog.ts";

/**
 * Does `work` with what watches a run that stands at `step` (-1: it begins), and closes that at the end; with nothing where
 * the plan says nothing of it, and then loads nothing either.
 */
export async function withWatch<T>(
  run: PreparedRun,
  engine: TrainingEngine,
  { runDir, step, threads }: { readonly runDir: string; readonly step: number; readonly threads: number },
  work: (watch: Watch | undefined) => Promise<T>,
): Promise<T> {
  if (run.plan.watch === undefined) return work(undefined);
  const { startWatching } = await import("../watch/startWatching.ts");
  const { log, earlier } = openWatchLog(runDir, step);
  try {
    const watcher = startWatching(run, engine, { earlier, threads });
    try {
      return await work({ watcher, log });
    } finally {
      watcher.dispose();
    }
  } finally {
    log.close();
  }
}
