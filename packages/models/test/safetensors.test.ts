import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeSafetensors,
  encodeSafetensors,
  type HostTensors,
  SafetensorsError,
  safetensorsSource,
  tensorsSource,
} from "@steepest/models";
import { openSafetensors, writeSafetensors } from "@steepest/models/node";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { headerLength } from "../src/checkpoint/readHeader.ts";

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

test("what is written is read, bit by bit", () => {
  const read = decodeSafetensors(file);
  expect(Object.keys(read)).toEqual(Object.keys(tensors));
  expect(read).toEqual(tensors);
  expect(Object.is(read["blocks.0.w"]?.data[1], -0)).toBe(true);
});

test("the layout is that of the format", () => {
  const bytes = joined(encodeSafetensors({ w: { dtype: "float32", shape: [1], data: Float32Array.of(1) } }));
  const header = '{"__metadata__":{},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const length = Math.ceil(header.length / 8) * 8;
  expect([...bytes.subarray(0, 8)]).toEqual([length, 0, 0, 0, 0, 0, 0, 0]);
  expect(Buffer.from(bytes.subarray(8, 8 + length)).toString()).toBe(header.padEnd(length));
  expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f]);
});

/** A file with this header text and `size` bytes of data. */
function withText(text: string, size: number): Uint8Array {
  const header = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return joined([length, header, Buffer.alloc(size)]);
}

/** A file with this header and `size` bytes of data. */
const withHeader = (header: unknown, size: number): Uint8Array => withText(JSON.stringify(header), size);
const f32 = (shape: unknown, offsets: unknown) => ({ dtype: "F32", shape, data_offsets: offsets });
const hugeLength = file.slice();
new DataView(hugeLength.buffer).setBigUint64(0, 2n ** 63n, true);

test.each<[string, Uint8Array, RegExp]>([
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
  [
    "a name twice",
    withText('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0077":{}}', 4),
    /says "w" twice/,
  ],
  [
    "a field twice",
    withText('{"w":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}', 4),
    /says "shape" twice/,
  ],
  [
    "metadata that is no text",
    withHeader({ __metadata__: { a: 1 } }, 0),
    /__metadata__ is not an object of strings/,
  ],
  [
    "a size that does not fit the type",
    withHeader({ w: { dtype: "BF16", shape: [3], data_offsets: [0, 4] } }, 4),
    /"w" \[3\] of BF16 needs 6 bytes/,
  ],
  ["offsets that are no integers", withHeader({ w: f32([1], ["0", 4]) }, 4), /"w" has offsets \["0",4\]/],
  ["a third offset", withHeader({ w: f32([1], [0, 2, 4]) }, 4), /"w" has offsets/],
  ["no JSON", withText("{", 0), /the header is not JSON/],
  ["nesting without end", withText("[".repeat(200_000), 0), /the header is not JSON/],
])("refuses %s", (_, bytes, message) => {
  expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
  expect(() => decodeSafetensors(bytes)).toThrow(message);
});

test("any damage gives tensors or a SafetensorsError, never anything else or more bytes than the file", () => {
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

test("a header over 16 MiB is refused before it is read", () => {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, 300_000_000n, true);
  expect(() => headerLength(prefix, 400_000_000)).toThrow(
    /claims 300000000 bytes; more than 16777216 are refused/,
  );
});

/** A file of one tensor called w. */
function single(dtype: string, count: number, data: ArrayBufferView): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const whole = withHeader({ w: { dtype, shape: [count], data_offsets: [0, bytes.length] } }, bytes.length);
  whole.set(bytes, whole.length - bytes.length);
  return whole;
}
const read = (dtype: string, count: number, data: ArrayBufferView) =>
  decodeSafetensors(single(dtype, count, data)).w;

test("float16 and bfloat16 become float32, exactly", () => {
  const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000, 0x3555, 0x83ff, 0xfc00);
  const halves = [1, -2, 2 ** -24, 65504, Infinity, -0, 0.333251953125, -1023 * 2 ** -24, -Infinity];
  expect(read("F16", 9, half)).toEqual({ dtype: "float32", shape: [9], data: Float32Array.from(halves) });
  expect(read("F16", 1, Uint16Array.of(0x7e00))?.data[0]).toBeNaN();
  const brain = Uint16Array.of(0x3f80, 0x4049, 0xff80, 0x0001, 0x8000);
  const brains = [1, 3.140625, -Infinity, 2 ** -133, -0];
  expect(read("BF16", 5, brain)).toEqual({ dtype: "float32", shape: [5], data: Float32Array.from(brains) });
});

test("integers of other widths become 32 bits, and one that does not fit is refused by name", () => {
  const int32 = (...values: number[]) => ({
    dtype: "int32",
    shape: [values.length],
    data: Int32Array.from(values),
  });
  expect(read("I8", 2, Int8Array.of(-128, 5))).toEqual(int32(-128, 5));
  expect(read("U8", 2, Uint8Array.of(255, 5))).toEqual(int32(255, 5));
  expect(read("I16", 2, Int16Array.of(-32768, 5))).toEqual(int32(-32768, 5));
  expect(read("U16", 2, Uint16Array.of(65535, 5))).toEqual(int32(65535, 5));
  expect(read("I64", 2, BigInt64Array.of(-(2n ** 31n), 7n))).toEqual(int32(-(2 ** 31), 7));
  expect(read("U64", 1, BigUint64Array.of(2n ** 32n - 1n))?.data).toEqual(Uint32Array.of(2 ** 32 - 1));
  expect(() => read("I64", 2, BigInt64Array.of(1n, 2n ** 31n))).toThrow(
    /tensor "w" has 2147483648 at 1, which does not fit into 32 bits/,
  );
});

test("a tensor called __proto__ is a tensor like others", () => {
  const odd: HostTensors = Object.fromEntries([
    ["__proto__", { dtype: "float32", shape: [1], data: Float32Array.of(2) }],
  ]);
  const back = decodeSafetensors(joined(encodeSafetensors(odd)));
  expect(Object.getOwnPropertyDescriptor(back, "__proto__")?.value.data).toEqual(Float32Array.of(2));
});

const folder = mkdtempSync(join(tmpdir(), "steepest-safetensors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
  return path;
};

test("sources: in memory, of bytes, and of a file give the same tensors", async () => {
  const path = put("whole.safetensors", file);
  for (const source of [tensorsSource(tensors), safetensorsSource(file), await openSafetensors(path)]) {
    expect([...source.tensors.keys()]).toEqual(Object.keys(tensors));
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(source.tensors.get(name)).toMatchObject({ shape: tensor.shape, dtype: tensor.dtype });
      expect(await source.read(name)).toEqual(tensor);
    }
    await expect(source.read("blocks.1.w")).rejects.toThrow(/there is no tensor "blocks.1.w"/);
    await source.close();
  }
});

test("a written file is read again, with the format Hugging Face asks for", async () => {
  const path = join(folder, "written.safetensors");
  await writeSafetensors(path, tensors, { step: "3" });
  expect(decodeSafetensors(readFileSync(path))).toEqual(tensors);
  expect(readFileSync(path).toString("latin1")).toContain('"__metadata__":{"format":"pt","step":"3"}');
});

test("a folder with a checkpoint of ours is opened by its parameters, and every source reads at once too", async () => {
  put("checkpoint/optimizer.safetensors", joined(encodeSafetensors({})));
  put("checkpoint/params.safetensors", file);
  const opened = await openSafetensors(join(folder, "checkpoint"));
  for (const source of [opened, safetensorsSource(file), tensorsSource(tensors)]) {
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(source.readSync(name)).toEqual(tensor);
      expect(await source.read(name)).toEqual(tensor);
    }
    await source.close();
  }
});

test("a file far larger than memory is opened by its header, and one tensor read from its place", async () => {
  // 2 TiB of hole between two numbers.
  const hole = 2 ** 41;
  const text = JSON.stringify({
    first: f32([1], [0, 4]),
    hole: { dtype: "BF16", shape: [hole / 2], data_offsets: [4, 4 + hole] },
    last: f32([1], [4 + hole, 8 + hole]),
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const path = put(
    "huge.safetensors",
    joined([length, Buffer.from(text), new Uint8Array([0, 0, 0x80, 0x3f])]),
  );
  truncateSync(path, 8 + text.length + 8 + hole);
  const source = await openSafetensors(path);
  expect(source.tensors.get("hole")?.shape).toEqual([hole / 2]);
  expect((await source.read("first")).data[0]).toBe(1);
  expect((await source.read("last")).data[0]).toBe(0);
  await source.close();
  rmSync(path);
});

test("damaged files are refused by name", async () => {
  const bad = put("bad.safetensors", withHeader({ w: f32([2], [0, 4]) }, 4));
  await expect(openSafetensors(bad)).rejects.toThrow(
    /bad\.safetensors: tensor "w" \[2\] of F32 needs 8 bytes/,
  );
  await expect(openSafetensors(put("short.safetensors", new Uint8Array(3)))).rejects.toThrow(
    SafetensorsError,
  );
  await expect(openSafetensors(join(folder, "none"))).rejects.toThrow(/there is no file or folder .*none/);
  await expect(openSafetensors(folder)).rejects.toThrow(/has none of model\.safetensors\.index\.json,/);
  const cut = put("cut.safetensors", file);
  const source = await openSafetensors(cut);
  truncateSync(cut, file.length - 4);
  await expect(source.read("exact")).rejects.toThrow(
    /cut\.safetensors: it ends at byte \d+, \d+ bytes early/,
  );
  expect(() => source.readSync("exact")).toThrow(/cut\.safetensors: it ends at byte \d+, \d+ bytes early/);
  await source.close();
});

const f32Tensor = (...values: number[]): HostTensors[string] => ({
  dtype: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});
const shard = (of: HostTensors): Uint8Array => joined(encodeSafetensors(of));
const index = (map: unknown): string => JSON.stringify({ metadata: { total_size: 12 }, weight_map: map });

test("shards with an index are one source, opened by the folder or the index", async () => {
  put("sharded/a.safetensors", shard({ x: f32Tensor(1), y: f32Tensor(2, 3) }));
  put("sharded/b.safetensors", shard({ z: f32Tensor(4) }));
  const map = { z: "b.safetensors", x: "a.safetensors", y: "a.safetensors" };
  const path = put("sharded/model.safetensors.index.json", index(map));
  for (const place of [path, join(folder, "sharded")]) {
    const source = await openSafetensors(place);
    expect([...source.tensors.keys()]).toEqual(["z", "x", "y"]);
    expect((await source.read("y")).data).toEqual(Float32Array.of(2, 3));
    expect((await source.read("z")).data).toEqual(Float32Array.of(4));
    expect(source.readSync("y")).toEqual(await source.read("y"));
    await source.close();
    await source.close(); // does nothing
  }
});

test.each<[string, unknown, RegExp]>([
  ["no map", 3, /has no weight_map/],
  ["a file outside the folder", { x: "../whole.safetensors" }, /places tensor "x" in "\.\.\/whole/],
  ["the folder above", { x: ".." }, /places tensor "x" in "\.\."/],
  ["a name no file can have", { x: "a\0.safetensors" }, /places tensor "x" in "a\\u0000/],
  ["the folder itself", { x: "." }, /places tensor "x" in "\."/],
  ["a number for a file", { x: 1 }, /places tensor "x" in 1/],
  ["a missing shard", { x: "c.safetensors" }, /there is no file .*c\.safetensors/],
  [
    "a tensor that is not there",
    { x: "a.safetensors", w: "a.safetensors" },
    /tensor "w" is in a\.safetensors, which does not/,
  ],
  [
    "a tensor too many",
    { x: "a.safetensors" },
    /a\.safetensors has tensor "y", which .* does not place there/,
  ],
])("an index with %s is refused", async (_, map, message) => {
  put("bad-index/a.safetensors", shard({ x: f32Tensor(1), y: f32Tensor(2, 3) }));
  const path = put("bad-index/model.safetensors.index.json", index(map));
  await expect(openSafetensors(path)).rejects.toThrow(message);
});

test("any damage to an index or a shard gives its tensors or a SafetensorsError", async () => {
  const files: Record<string, Uint8Array> = {
    "a.safetensors": shard({ x: f32Tensor(1), y: f32Tensor(2, 3) }),
    "b.safetensors": shard({ z: f32Tensor(4) }),
    "model.safetensors.index.json": Buffer.from(
      index({ z: "b.safetensors", x: "a.safetensors", y: "a.safetensors" }),
    ),
  };
  for (const [name, bytes] of Object.entries(files)) put(`fuzzed/${name}`, bytes);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(files)),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (name, changes, cut) => {
        const damaged = Uint8Array.from(files[name] ?? []);
        for (const [at, value] of changes) damaged[at % damaged.length] = value;
        put(`fuzzed/${name}`, cut ? damaged.subarray(0, (changes[0]?.[0] ?? 0) % damaged.length) : damaged);
        try {
          const source = await openSafetensors(join(folder, "fuzzed"));
          try {
            for (const tensor of source.tensors.keys()) {
              expect((await source.read(tensor)).data.length).toBeLessThanOrEqual(2);
            }
          } finally {
            await source.close();
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        } finally {
          put(`fuzzed/${name}`, files[name] ?? "");
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("a git-lfs pointer, another file and a device are named for what they are", async () => {
  const path = join(folder, "pointer.safetensors");
  writeFileSync(path, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 548105171\n");
  await expect(openSafetensors(path)).rejects.toThrow(
    /pointer\.safetensors: it is a git-lfs pointer.*git lfs pull/,
  );
  writeFileSync(path, Buffer.from("PK\x03\x04 pytorch_model"));
  await expect(openSafetensors(path)).rejects.toThrow(/it is a zip file/);
  await expect(openSafetensors("/dev/zero")).rejects.toThrow(/no ordinary file/);
});
