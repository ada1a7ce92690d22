import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile, writeFully } from "@steepest/models/node";
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
 * Opens the log of a run that stands at `step`. What it holds beyond is cut off, and a line that a kill or a disk damaged
 * is left out; `earlier` are the lines that stay, `missing` the steps up to `step` without one. Throws `FileError`.
 */
export function openMetricsLog(
  runDir: string,
  step: number,
): { log: MetricsLog; earlier: StepMetrics[]; missing: number[] } {
  const path = join(runDir, "metrics.jsonl");
  try {
    const { texts, lines } = readLines(path, step);
    const kept = texts.map((text) => `${text}\n`).join("");
    const bytes = readBytes(path);
    const whole = bytes?.subarray(0, Buffer.byteLength(kept)).equals(Buffer.from(kept)) ?? true;
    if (!whole) replaceFile(path, kept); // good lines behind a damaged one
    const file = openSync(path, "a");
    ftruncateSync(file, Buffer.byteLength(kept));
    const there = new Set(lines.map((line) => line.step));
    const missing = Array.from({ length: step + 1 }, (_, i) => i).filter((i) => !there.has(i));
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
    return { log, earlier: lines, missing };
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** The good lines of a run's log. A missing file has none. Throws `FileError`. */
export function readMetrics(runDir: string): StepMetrics[] {
  const path = join(runDir, "metrics.jsonl");
  try {
    return readLines(path, Number.POSITIVE_INFINITY).lines;
  } catch (error) {
    throw fileError("read", path, error);
  }
}

/** The good lines up to a step, in the order of their steps, parsed and as they stand there. */
function readLines(path: string, upTo: number): { texts: string[]; lines: StepMetrics[] } {
  const texts: string[] = [];
  const lines: StepMetrics[] = [];
  const ended = (readBytes(path)?.toString("utf8") ?? "").split("\n").slice(0, -1); // what follows the last is half a line
  for (const text of ended) {
    const metrics = parseLine(text);
    if (metrics === undefined || metrics.step > upTo) continue;
    if (metrics.step <= (lines.at(-1)?.step ?? -1)) continue;
    texts.push(text);
    lines.push(metrics);
  }
  return { texts, lines };
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parseLine(line: string): StepMetrics | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const hasStep = typeof value === "object" && value !== null && "step" in value && "seconds" in value;
    return hasStep && Number.isSafeInteger(value.step) && Number(value.step) >= 0
      ? (value as StepMetrics)
      : undefined;
  } catch {
    return undefined;
  }
}
