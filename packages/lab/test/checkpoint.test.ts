import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";

import { CheckpointError } from "../src/checkpoint/checkpointError.ts";
import { readCheckpoint } from "../src/checkpoint/readCheckpoint.ts";
import { writeCheckpoint } from "../src/checkpoint/writeCheckpoint.ts";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import { decodeSafetensors, SafetensorsError } from "../src/safetensors/decodeSafetensors.ts";
import { encodeSafetensors } from "../src/safetensors/encodeSafetensors.ts";
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

const joined = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));
const file = joined(encodeSafetensors(tensors, { by: "test" }));

test("safetensors: what is written is read, bit by bit", () => {
  const read = decodeSafetensors(file);
  expect(Object.keys(read)).toEqual(Object.keys(tensors));
  expect(read).toEqual(tensors);
  expect(Object.is(read["blocks.0.w"]?.data[1], -0)).toBe(true);
});

test("safetensors: the layout is that of the format", () => {
  const bytes = joined(encodeSafetensors({ w: { dtype: "float32", shape: [1], data: Float32Array.of(1) } }));
  const header = '{"__metadata__":{},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const length = Math.ceil(header.length / 8) * 8;
  expect([...bytes.subarray(0, 8)]).toEqual([length, 0, 0, 0, 0, 0, 0, 0]);
  expect(Buffer.from(bytes.subarray(8, 8 + length)).toString()).toBe(header.padEnd(length));
  expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f]);
});

/** A file with this header and `size` bytes of data. */
function withHeader(header: unknown, size: number): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return joined([length, text, Buffer.alloc(size)]);
}
const f32 = (shape: unknown, offsets: unknown) => ({ dtype: "F32", shape, data_offsets: offsets });
const hugeLength = file.slice();
new DataView(hugeLength.buffer).setBigUint64(0, 2n ** 63n, true);

test.each([
  ["no file", new Uint8Array(3), /at least 8 bytes/],
  ["a header longer than the file", hugeLength, /header claims/],
  ["an array for a header", withHeader([], 0), /not a JSON object/],
  ["a tensor that is no object", withHeader({ w: 3 }, 0), /"w" is not described/],
  ["an unknown type", withHeader({ w: { dtype: "F8", shape: [1], data_offsets: [0, 1] } }, 1), /type "F8"/],
  ["a negative side", withHeader({ w: f32([-1], [0, 4]) }, 4), /"w" has shape \[-1\]/],
  ["a side that is no integer", withHeader({ w: f32([1.5], [0, 4]) }, 4), /"w" has shape/],
  [
    "a shape whose product overflows",
    withHeader({ w: f32([2 ** 40, 2 ** 40], [0, 4]) }, 4),
    /needs .* bytes/,
  ],
  ["offsets beyond the end", withHeader({ w: f32([2], [0, 8]) }, 4), /do not lie in the 4 bytes/],
  ["offsets in the wrong order", withHeader({ w: f32([1], [4, 0]) }, 4), /do not lie/],
  [
    "a shape that does not fit",
    withHeader({ w: f32([2], [0, 4]) }, 4),
    /needs 8 bytes, its offsets give it 4/,
  ],
  ["tensors that overlap", withHeader({ v: f32([1], [0, 4]), w: f32([1], [0, 4]) }, 4), /"w" overlaps/],
  ["a gap", withHeader({ v: f32([1], [0, 4]), w: f32([1], [8, 12]) }, 12), /"w" leaves a gap/],
  ["bytes at the end", withHeader({ w: f32([1], [0, 4]) }, 8), /end at byte 4 of the data, which has 8/],
])("safetensors refuses %s", (_, bytes, message) => {
  expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
  expect(() => decodeSafetensors(bytes)).toThrow(message);
});

test("safetensors: any damage gives tensors or a SafetensorsError, never anything else or more bytes than the file", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(file.length),
      (changes, cut) => {
        const damaged = file.slice(0, cut === 0 ? file.length : cut);
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        try {
          const read = decodeSafetensors(damaged);
          const bytes = Object.values(read).reduce((sum, { data }) => sum + data.byteLength, 0);
          expect(bytes).toBeLessThanOrEqual(damaged.length);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

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
    { numRuns: 300 },
  );
  expect(() => readCheckpoint(copy)).not.toThrow();
});

test("a missing file of a checkpoint is named", () => {
  const folder = temporaryFolder();
  expect(() => readCheckpoint(join(folder, "step-1"))).toThrow(
    /step-1\/meta\.json is damaged: it is missing/,
  );
});
