import { open } from "node:fs/promises";
import { join } from "node:path";

import { MetricColumns } from "./metricColumns.ts";
import { regularFile } from "./regularFile.ts";

/** Bytes that are read and parsed before others get their turn. */
const CHUNK = 1 << 20;
/** A longer line is none of metrics. */
const LONGEST_LINE = 1 << 16;
/** Bytes before the place where reading stopped; when they are others, the file is another. */
const TAIL = 64;

/** The metrics of a run folder, which may be growing. */
export interface FollowedMetrics {
  readonly columns: MetricColumns;
  /** Grows with every line that was read. */
  readonly version: number;
  /** Reads what came since the last time; from the beginning where the file was cut or replaced. */
  update(): Promise<void>;
}

/** Follows a run's metrics.jsonl. Lines that are damaged, or half there, are left out; a missing file has none. */
export function followMetrics(folder: string): FollowedMetrics {
  const path = join(folder, "metrics.jsonl");
  let columns = new MetricColumns();
  let version = 0;
  let read = 0;
  let tail = Buffer.alloc(0);
  let rest = Buffer.alloc(0);
  let pending: Promise<void> | undefined;

  function restart(): void {
    columns = new MetricColumns();
    version++;
    read = 0;
    tail = Buffer.alloc(0);
    rest = Buffer.alloc(0);
  }

  async function readOn(): Promise<void> {
    const found = regularFile(path);
    if (found === undefined) {
      if (read > 0) restart();
      return;
    }
    if (found.size === read && read > 0) return;
    const file = await open(path, "r");
    try {
      if (tail.length > 0) {
        const again = Buffer.alloc(tail.length);
        await file.read(again, 0, tail.length, read - tail.length);
        if (found.size < read || !again.equals(tail)) restart();
      }
      const buffer = Buffer.alloc(CHUNK);
      while (read < found.size) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, found.size - read), read);
        if (bytesRead === 0) break;
        read += bytesRead;
        take(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  }

  function take(bytes: Buffer): void {
    tail = Buffer.concat([tail, bytes.subarray(-TAIL)]).subarray(-TAIL);
    const end = bytes.lastIndexOf(10);
    if (end < 0) {
      if (rest.length < LONGEST_LINE) rest = Buffer.concat([rest, bytes]);
      return;
    }
    const text = Buffer.concat([rest, bytes.subarray(0, end)]).toString("utf8");
    rest = Buffer.from(bytes.subarray(end + 1));
    for (const line of text.split("\n")) addLine(line);
    version++;
  }

  function addLine(line: string): void {
    if (line.length > LONGEST_LINE) return;
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value !== "object" || value === null || !("step" in value)) return;
      const { step } = value;
      if (typeof step === "number" && Number.isSafeInteger(step) && step >= 0) columns.add(step, value);
    } catch {} // damaged by a kill or a disk
  }

  return {
    get columns() {
      return columns;
    },
    get version() {
      return version;
    },
    update() {
      pending ??= readOn()
        .catch(() => {}) // gone meanwhile: as it was
        .finally(() => {
          pending = undefined;
        });
      return pending;
    },
  };
}
