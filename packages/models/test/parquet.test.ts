import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkThrift } from "../src/data/parquet/checkThrift.ts";
import { decompressor } from "../src/data/parquet/decompress.ts";
import { parquetTexts } from "../src/data/parquet/parquetTexts.ts";
import { runLengths } from "../src/data/parquet/runLengths.ts";
import { fixture, problem, testFolder } from "./dataFiles.ts";

const folder = testFolder();
const texts: string[] = JSON.parse(readFileSync(fixture("texts.json"), "utf8"));

async function reading(path: string, column?: string): Promise<string[]> {
  const rows = [];
  for await (const text of parquetTexts(path, column)) rows.push(text);
  return rows;
}

describe("files of Apache Arrow", () => {
  test.each(["snappy", "zstd", "gzip-v2", "brotli", "plain"])(
    "%s: all texts, nulls left out",
    async (name) => {
      expect(await reading(fixture(`${name}.parquet`))).toEqual(texts);
    },
  );

  test("a required column of another name", async () => {
    const rows = await reading(fixture("required.parquet"));
    expect(rows).toHaveLength(58);
    expect(rows.filter((text) => text !== "")).toEqual(texts.filter((text) => text !== ""));
    expect(await reading(fixture("required.parquet"), "story")).toEqual(rows);
  });

  test("what we cannot read is said", async () => {
    await expect(reading(fixture("lz4.parquet"))).rejects.toEqual(
      problem(
        "unsupported",
        /lz4\.parquet is compressed with LZ4_RAW: rewrite it with one of UNCOMPRESSED, SNAPPY/,
      ),
    );
    await expect(reading(fixture("delta.parquet"))).rejects.toEqual(
      problem("unsupported", /delta\.parquet: a Parquet column holds text as DELTA_BYTE_ARRAY: rewrite/),
    );
    await expect(reading(fixture("plain.parquet"), "story")).rejects.toEqual(
      problem("missing", /plain\.parquet has no text column "story": choose one of those it has \("text"\)/),
    );
  });
});

describe("damage", () => {
  const damaging = async (name: string, change: (bytes: Buffer) => Uint8Array): Promise<string[]> =>
    reading(await folder.write("damaged.parquet", change(readFileSync(fixture(`${name}.parquet`)))));

  test("truncated, and no Parquet at all", async () => {
    await expect(damaging("snappy", (bytes) => bytes.subarray(0, -1))).rejects.toEqual(
      problem("damaged", /damaged\.parquet is damaged: a Parquet file ends with PAR1; get the file again/),
    );
    await expect(damaging("snappy", () => Buffer.from("PAR1"))).rejects.toEqual(
      problem("damaged", /ends with PAR1/),
    );
    await expect(damaging("snappy", () => Buffer.from("PAR1....PARE"))).rejects.toEqual(
      problem("unsupported", /encrypted/),
    );
    await expect(reading(folder.path("none.parquet"))).rejects.toEqual(
      problem("missing", /no file .*none\.parquet/),
    );
    // Pages gone from the middle, the footer whole.
    await expect(
      damaging("plain", (bytes) => Buffer.concat([bytes.subarray(0, 100), bytes.subarray(600)])),
    ).rejects.toEqual(problem("damaged", /damaged\.parquet is damaged/));
  });

  test("a footer that says it is longer than the file", async () => {
    await expect(
      damaging("snappy", (bytes) => {
        bytes.writeUInt32LE(0xffffffff, bytes.length - 8);
        return bytes;
      }),
    ).rejects.toEqual(problem("damaged", /its footer says 4294967295 bytes, in a file of 2270/));
  });

  test("one bit of a page with a checksum", async () => {
    await expect(
      damaging("zstd", (bytes) => {
        bytes.writeUInt8(bytes.readUInt8(700) ^ 1, 700);
        return bytes;
      }),
    ).rejects.toEqual(problem("damaged", /the checksum of the page before byte \d+ is wrong/));
  });
});

test("a page that says it is larger than it can be is not made room for", async () => {
  const bytes = new Uint8Array(100);
  const making = async (length: number, codec: string) =>
    (await decompressor(codec, "x.parquet"))(bytes, length);
  const refusing = (length: number, codec: string, message: RegExp) =>
    expect(making(length, codec)).rejects.toEqual(problem("damaged", message));
  const before = process.resourceUsage().maxRSS;
  await refusing(
    4000,
    "SNAPPY",
    /x\.parquet: a page of 100 bytes cannot hold 4000 \(SNAPPY\): get the file again/,
  );
  await refusing(2 ** 20, "GZIP", /cannot hold 1048576/);
  await refusing(2 ** 28 + 1, "ZSTD", /cannot hold 268435457/);
  await refusing(2 ** 31, "BROTLI", /cannot hold/);
  await refusing(-1, "UNCOMPRESSED", /cannot hold -1/);
  await refusing(99, "UNCOMPRESSED", /a page has 100 bytes, expected 99/);
  // KiB: the smallest of them that is refused for its size alone is 262,144
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000);

  // A frame of 5 bytes, where the page says another number.
  const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x29, 0, 0, 104, 101, 108, 108, 111);
  const unzstd = await decompressor("ZSTD", "x");
  expect(new TextDecoder().decode(unzstd(frame, 5))).toBe("hello");
  for (const wrong of [4, 6, 2 ** 20]) {
    expect(() => unzstd(frame, wrong)).toThrow(/x is damaged \(ZSTD: not \d+ bytes of Zstandard\)/);
  }
});

describe("checkThrift", () => {
  const end = (...bytes: number[]): number | undefined => checkThrift(Uint8Array.from(bytes), 0);

  test("finds the end of a structure", () => {
    expect(end(0, 9)).toBe(1);
    expect(end(0x15, 0x80, 0x01, 0x18, 0x02, 65, 66, 0x19, 0x25, 1, 2, 0x1c, 0x11, 0, 0, 9)).toBe(15);
  });

  test("a structure that goes on beyond the bytes has none", () => {
    expect(end()).toBeUndefined();
    expect(end(0x15)).toBeUndefined();
    expect(end(0x18, 0xff, 0xff, 0xff, 0xff, 0x0f, 0)).toBeUndefined(); // a string of 4 GiB
    expect(end(0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0)).toBeUndefined(); // a list of 4 G structures
    expect(end(0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0)).toBeUndefined(); // of 4 G booleans
  });

  test("what Parquet never does", () => {
    expect(() => end(...Array<number>(100).fill(0x1c))).toThrow(/more than 24 levels/);
    expect(() => end(0x19, ...Array<number>(100).fill(0x19))).toThrow(/more than 24 levels/);
    expect(() => end(0x1b, 0)).toThrow(/type 11 at 1, which Parquet does not use/);
    expect(() => end(0x15, ...Array<number>(20).fill(0xff))).toThrow(/a number of more than 10 bytes/);
  });
});

describe("runLengths", () => {
  const read = (width: number, count: number, ...bytes: number[]): number[] => {
    const next = runLengths(Uint8Array.from(bytes), width);
    return Array.from({ length: count }, next);
  };

  test("runs and packed numbers", () => {
    // The example of the Parquet format: 0 … 7 in 3 bits each.
    expect(read(3, 8, 0x03, 0x88, 0xc6, 0xfa)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(read(9, 4, 0x06, 0x2c, 0x01, 0x02, 0x05, 0x00)).toEqual([300, 300, 300, 5]);
    expect(read(0, 3, 0x06)).toEqual([0, 0, 0]);
    expect(read(1, 10, 0x03, 0b1010_0101, 0x04, 0x01)).toEqual([1, 0, 1, 0, 0, 1, 0, 1, 1, 1]);
    expect(read(32, 1, 0x02, 0xff, 0xff, 0xff, 0xff)).toEqual([0xffffffff]);
  });

  test("too few of them", () => {
    expect(() => read(3, 4, 0x06, 1)).toThrow(/ends among its run lengths/);
    expect(() => read(3, 8, 0x03, 0x88)).toThrow(/ends among its packed numbers/);
    expect(() => read(8, 1, 0x06)).toThrow(/ends among its run lengths/);
    expect(() => read(8, 1, 0, 0, 0)).toThrow(/ends among its run lengths/);
    expect(() => read(8, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)).toThrow(/ends among its run lengths/);
  });
});

test("a page header with a number of 64 bits where 32 are meant is damage, no TypeError", async () => {
  const whole = readFileSync(fixture("plain.parquet"));
  for (const at of [351, 355, 645]) {
    expect(whole[at]).toBe(0x15); // the next number of the page header, in 32 bits
    const changed = Uint8Array.from(whole);
    changed[at] = 0x16;
    const path = await folder.write("wide.parquet", changed);
    await expect(reading(path)).rejects.toEqual(problem("damaged", /wide\.parquet is damaged: .*wrong kind/));
  }
});
