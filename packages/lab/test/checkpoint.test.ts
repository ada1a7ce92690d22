import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import { CheckpointError } from "../src/files/checkpointError.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { writeCheckpoint } from "../src/run/checkpoint/writeCheckpoint.ts";
import { temporaryFolder } from "./support/microRun.ts";

const tensors: HostTensors = {
  "blocks.0.w": {
    dtype: "float32",
    shape: [2, 3],
    data: Float32Array.of(1, -0, Number.NaN, 1e-45, 3e38, Infinity),
  },
  "count über": { dtype: "int32", shape: [], data: Int32Array.of(-7) },
  key: { dtype: "uint32", shape: [2], data: Uint32Array.of(0xffffffff, 1) },
  exact: { dtype: "float64", shape: [1], data: Float64Array.of(Math.PI) },
  mask: { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) },
  nothing: { dtype: "float32", shape: [0, 4], data: new Float32Array() },
};

test("a checkpoint comes back, and only the latest are kept", () => {
  const folder = temporaryFolder();
  for (const step of [2, 10, 4]) {
    writeCheckpoint(
      folder,
      { params: tensors, state: { count: tensors.key ?? fail() } },
      { step, seconds: 1.5, tokens: 32 },
      2,
    );
  }
  expect(readdirSync(join(folder, "checkpoints")).sort()).toEqual(["step-10", "step-4"]);
  const { meta, snapshot } = readCheckpoint(join(folder, "checkpoints", "step-10"));
  expect(meta).toMatchObject({ step: 10, seconds: 1.5, tokens: 32 });
  expect(snapshot).toEqual({ params: tensors, state: { count: tensors.key } });
});

function fail(): never {
  throw new Error("unreachable");
}

test("a checkpoint with any byte flipped or cut off anywhere is a CheckpointError that names the file", () => {
  const folder = temporaryFolder();
  const good = writeCheckpoint(folder, { params: tensors, state: {} }, { step: 1, seconds: 0, tokens: 0 }, 1);
  const copy = join(folder, "copy");
  cpSync(good, copy, { recursive: true });
  const names = readdirSync(good);
  expect(names.length).toBe(3);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), fc.nat(7), fc.boolean(), (name, where, bit, cut) => {
      const path = join(copy, name);
      const original = readFileSync(join(good, name));
      const at = where % original.length;
      const damaged = Buffer.from(cut ? original.subarray(0, at) : original);
      if (!cut) damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      writeFileSync(path, damaged);
      try {
        expect(() => readCheckpoint(copy)).toThrow(CheckpointError);
        expect(() => readCheckpoint(copy)).toThrow(path);
      } finally {
        writeFileSync(path, original);
      }
    }),
    // In the number of the format a flipped bit makes a later version.
    {
      numRuns: 300,
      examples: [
        ["meta.json", 10, 1, false],
        ["meta.json", 11, 1, false],
      ],
    },
  );
  expect(() => readCheckpoint(copy)).not.toThrow();
});

test("a missing file of a checkpoint is named", () => {
  const folder = temporaryFolder();
  expect(() => readCheckpoint(join(folder, "step-1"))).toThrow(
    /step-1\/meta\.json is damaged: it is missing/,
  );
});
