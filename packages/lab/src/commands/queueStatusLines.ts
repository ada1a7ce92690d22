import type { QueueState, RunInQueue } from "../queue/runQueue.ts";
import { formatCount, formatCountOf } from "../text/quantities.ts";

/** What a queue holds, as lines: by sweep where there may be several, then every run on its way. */
export function queueStatusLines(
  { name, paused, workers, runs }: QueueState & { readonly name: string },
  bySweep: boolean,
): string[] {
  const known = workers === undefined ? "" : `, ${formatCountOf(workers, "worker")}`;
  const lines = [`queue ${name}${known}${paused ? ", paused" : ""}: ${counts(runs)}`];
  const folders = [...new Set(runs.map(({ folder }) => folder))];
  if (bySweep) {
    for (const folder of folders)
      lines.push(`  ${folder}: ${counts(runs.filter((run) => run.folder === folder))}`);
  }
  for (const run of runs.filter(({ state }) => state === "running")) lines.push(`  ${running(run)}`);
  for (const { id, label, reasons } of runs)
    for (const reason of reasons) lines.push(`  ${label}, ${id}: tried before and failed: ${reason}`);
  return lines;
}

function counts(runs: readonly RunInQueue[]): string {
  const of = (state: RunInQueue["state"]): string =>
    formatCount(runs.filter((run) => run.state === state).length);
  return `${of("running")} on their way, ${of("waiting")} waiting, ${of("ended")} ended and not yet collected`;
}

function running({ label, id, worker, step, steps }: RunInQueue): string {
  const by = worker === undefined ? "" : ` on ${worker}`;
  return `${label}, ${id}${by}: step ${formatCount(step ?? 0)} of ${formatCount(steps)}`;
}
