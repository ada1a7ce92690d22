import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFully } from "@steepest/models/node";
import { fileError, hasCode } from "../files/fileError.ts";
import type { StepMetrics } from "../plan/runObserver.ts";

/** The append-only `metrics.jsonl` of a run. */
export interface MetricsLog {
  append(metrics: StepMetrics): void;
  /** Waits until the disk has everything appended. */
  sync(): void;
  close(): void;
}

/**
 * Opens the log of a run. What it holds beyond `step` is cut off, a line that a kill left half-written too;
 * `earlier` are the lines that stay. Throws `FileError`.
 */
export function openMetricsLog(runDir: string, step: number): { log: MetricsLog; earlier: StepMetrics[] } {
  const path = join(runDir, "metrics.jsonl");
  try {
    const { lines, bytes } = readLines(path, step);
    const file = openSync(path, "a");
    ftruncateSync(file, bytes);
    const log: MetricsLog = {
      append(metrics) {
        try {
          writeFully(file, new TextEncoder().encode(`${JSON.stringify(metrics)}\n`));
        } catch (error) {
          throw fileError("write", path, error);
        }
      },
      sync: () => fsyncSync(file),
      close: () => closeSync(file),
    };
    return { log, earlier: lines };
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** The whole lines of a run's log. A missing file has none. Throws `FileError`. */
export function readMetrics(runDir: string): StepMetrics[] {
  const path = join(runDir, "metrics.jsonl");
  try {
    return readLines(path, Number.POSITIVE_INFINITY).lines;
  } catch (error) {
    throw fileError("read", path, error);
  }
}

/** The lines from the start of the file up to a step, and the bytes they take. */
function readLines(path: string, upTo: number): { lines: StepMetrics[]; bytes: number } {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return { lines: [], bytes: 0 };
    throw error;
  }
  const lines: StepMetrics[] = [];
  let bytes = 0;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, bytes)) {
    const metrics = parseLine(content.toString("utf8", bytes, end));
    if (metrics === undefined || metrics.step > upTo) break;
    lines.push(metrics);
    bytes = end + 1;
  }
  return { lines, bytes };
}

function parseLine(line: string): StepMetrics | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const hasStep = typeof value === "object" && value !== null && "step" in value && "seconds" in value;
    return hasStep && typeof value.step === "number" ? (value as StepMetrics) : undefined;
  } catch {
    return undefined;
  }
}
