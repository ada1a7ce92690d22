import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { replaceFile, writeFully } from "@steepest/models/node";

import { fileError, hasCode } from "../files/fileError.ts";

/** An append-only file of JSON, an object a line. */
export interface LinesLog<T> {
  /** At once, or not at all: a kill in the middle leaves lines that are cut off when it is opened again. */
  append(...lines: readonly T[]): void;
  /** Waits until the disk has everything appended. */
  sync(): void;
  close(): void;
}

/** The line a value is, where it is a good one and follows on those before; undefined where it is not kept. */
export type KeepLine<T> = (value: unknown) => T | undefined;

/** Opens a file for appending, with those of its lines that `keep` keeps; all others are cut out of it. Throws `FileError`. */
export function openLines<T>(path: string, keep: KeepLine<T>): { log: LinesLog<T>; lines: T[] } {
  try {
    const { texts, lines } = keptLines(path, keep);
    const kept = texts.map((text) => `${text}\n`).join("");
    const bytes = readBytes(path);
    const whole = bytes?.subarray(0, Buffer.byteLength(kept)).equals(Buffer.from(kept)) ?? true;
    if (!whole) replaceFile(path, kept); // good lines behind a damaged one
    const file = openSync(path, "a");
    ftruncateSync(file, Buffer.byteLength(kept));
    const log: LinesLog<T> = {
      append(...added) {
        try {
          const text = added.map((line) => `${JSON.stringify(line)}\n`).join("");
          writeFully(file, new TextEncoder().encode(text));
        } catch (error) {
          throw fileError("write", path, error);
        }
      },
      sync: () => fsyncSync(file),
      close: () => closeSync(file),
    };
    return { log, lines };
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** The lines of a file that are kept. A missing file has none. Throws `FileError`. */
export function readLines<T>(path: string, keep: KeepLine<T>): T[] {
  try {
    return keptLines(path, keep).lines;
  } catch (error) {
    throw fileError("read", path, error);
  }
}

/** Parsed, and as they stand there. */
function keptLines<T>(path: string, keep: KeepLine<T>): { texts: string[]; lines: T[] } {
  const texts: string[] = [];
  const lines: T[] = [];
  const ended = (readBytes(path)?.toString("utf8") ?? "").split("\n").slice(0, -1); // what follows the last is half a line
  for (const text of ended) {
    const line = keep(parse(text));
    if (line === undefined) continue;
    texts.push(text);
    lines.push(line);
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
