import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DataError, type DataProblem } from "@steepest/models";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";

/** A folder for the tests of a file, with a cache of its own; `write` puts a file into it and returns its path. */
export function testFolder() {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "steepest-data-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    vi.stubEnv("STEEPEST_CACHE", join(folder, "cache"));
    vi.stubEnv("STEEPEST_DATA", join(folder, "sets"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const path = (name: string): string => join(folder, name);
  return {
    path,
    async write(name: string, content: string | Uint8Array): Promise<string> {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
      return path(name);
    },
  };
}

export const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);

/** Matches a `DataError`. */
export const problem = (name: DataProblem, message: RegExp) =>
  expect.toSatisfy(
    (error) => error instanceof DataError && error.problem === name && message.test(error.message),
    `DataError "${name}" with ${message}`,
  );

/** The layout of MNIST: zeros, type, rank, big-endian sizes, bytes. */
export function idxFile(shape: readonly number[], data: ArrayLike<number>, type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set([0, 0, type, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size);
  });
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

/** `count` records of CIFAR-10; record i has label i mod 10 and pixels of i, but its first pixel is 255. */
export function cifarBatch(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let i = 0; i < count; i++) {
    bytes.fill(i, i * 3073, (i + 1) * 3073);
    bytes[i * 3073] = i % 10;
    bytes[i * 3073 + 1] = 255;
  }
  return bytes;
}

/** A token shard of the nanoGPT speedrun. */
export function shardFile(
  tokens: readonly number[],
  { magic = 20240520, version = 1, count = tokens.length } = {},
) {
  const header = new Int32Array(256);
  header.set([magic, version, count]);
  const bytes = new Uint8Array(1024 + 2 * tokens.length);
  bytes.set(new Uint8Array(header.buffer));
  bytes.set(new Uint8Array(Uint16Array.from(tokens).buffer), 1024);
  return bytes;
}

/** 0, 1, 2, … */
export const counting = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);
