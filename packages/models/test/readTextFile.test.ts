import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataError, type DataProblem } from "@steepest/models";
import { mobyDick, readTextFile } from "@steepest/models/node";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstInvalidUtf8 } from "../src/data/text/firstInvalidUtf8.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "steepest-text-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function reading(bytes: string | number[]): Promise<string> {
  const path = join(folder, "file.txt");
  await writeFile(path, typeof bytes === "string" ? bytes : Uint8Array.from(bytes));
  return readTextFile(path);
}

const problem = (name: DataProblem, message: RegExp) =>
  expect.toSatisfy(
    (error) => error instanceof DataError && error.problem === name && message.test(error.message),
    `DataError "${name}" with ${message}`,
  );

describe("readTextFile", () => {
  test("text as it is, line ends kept, without the byte order mark", async () => {
    expect(await reading("Ahab’s\r\nwhale 🐋\n")).toBe("Ahab’s\r\nwhale 🐋\n");
    expect(await reading("\uFEFFwhale")).toBe("whale");
  });

  test("what is no text", async () => {
    await expect(reading([])).rejects.toEqual(problem("empty", /file\.txt is empty: give/));
    await expect(reading([0xef, 0xbb, 0xbf])).rejects.toEqual(problem("empty", /only a byte order mark/));
    await expect(reading([0x61, 0x62, 0])).rejects.toEqual(problem("notText", /a zero byte at offset 2/));
    await expect(reading([0x61, 0xe9, 0x61])).rejects.toEqual(
      problem("notText", /not UTF-8 \(byte 0xe9 at offset 1\): convert it/),
    );
    await expect(reading([0xff, 0xfe, 0x61, 0])).rejects.toEqual(
      problem("notText", /is text in UTF-16: convert it/),
    );
  });

  test("what is no file", async () => {
    await expect(readTextFile(join(folder, "none.txt"))).rejects.toEqual(
      problem("missing", /there is no file .*none\.txt: check the path/),
    );
    await expect(readTextFile(folder)).rejects.toEqual(
      problem("unreadable", /is a folder: give a text file/),
    );
  });
});

test("firstInvalidUtf8 finds the byte where Node's decoder gives up", () => {
  const valid = (bytes: Uint8Array): boolean => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  // Mostly bytes that matter: leads, continuations and the edges of overlong and surrogate forms.
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0x61, 0x80, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.array(byte, { maxLength: 6 }), (head, tail) => {
      const bytes = Uint8Array.from([...head.map((b) => b & 0x7f), ...tail]);
      const offset = firstInvalidUtf8(bytes);
      expect(offset === -1).toBe(valid(bytes));
      if (offset !== -1) expect(valid(bytes.subarray(0, offset))).toBe(true);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(firstInvalidUtf8(new TextEncoder().encode(text))).toBe(-1);
    }),
  );
});

test("Moby Dick", () => {
  const text = mobyDick();
  expect(text.length).toBe(1_213_144);
  expect(new Set(text).size).toBe(89);
  expect(text).toContain("\n\nCall me Ishmael. Some years ago");
});
