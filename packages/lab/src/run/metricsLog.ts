import { join } from "node:path";

import type { StepMetrics } from "../plan/runObserver.ts";
import { type KeepLine, type LinesLog, openLines, readLines } from "./linesLog.ts";

/** The append-only `metrics.jsonl` of a run. */
export type MetricsLog = LinesLog<StepMetrics>;

/**
 * Opens the log of a run that stands at `step`. What it holds beyond is cut off, and a line that a kill or a disk damaged
 * is left out; `earlier` are the lines that stay, `missing` the steps up to `step` without one. Throws `FileError`.
 */
export function openMetricsLog(
  runDir: string,
  step: number,
): { log: MetricsLog; earlier: StepMetrics[]; missing: number[] } {
  const { log, lines: earlier } = openLines(join(runDir, "metrics.jsonl"), oneForEachStep(step));
  const there = new Set(earlier.map((line) => line.step));
  const missing = Array.from({ length: step + 1 }, (_, i) => i).filter((i) => !there.has(i));
  return { log, earlier, missing };
}

/** The good lines of a run's log. A missing file has none. Throws `FileError`. */
export function readMetrics(runDir: string): StepMetrics[] {
  return readLines(join(runDir, "metrics.jsonl"), oneForEachStep(Number.POSITIVE_INFINITY));
}

/** Good lines up to a step, in the order of their steps. */
function oneForEachStep(upTo: number): KeepLine<StepMetrics> {
  let last = -1;
  return (value) => {
    const metrics = asMetrics(value);
    if (metrics === undefined || metrics.step > upTo || metrics.step <= last) return undefined;
    last = metrics.step;
    return metrics;
  };
}

function asMetrics(value: unknown): StepMetrics | undefined {
  const hasStep = typeof value === "object" && value !== null && "step" in value && "seconds" in value;
  return hasStep && Number.isSafeInteger(value.step) && Number(value.step) >= 0
    ? (value as StepMetrics)
    : undefined;
}
