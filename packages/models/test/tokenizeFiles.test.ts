import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { TextPiece } from "../src/data/text/textPiece.ts";
import { textPieces } from "../src/data/text/textPieces.ts";
import { tokenizeFiles } from "../src/data/tokens/tokenizeFiles.ts";
import { problem, testFolder } from "./dataFiles.ts";

const folder = testFolder();

async function piecesOf(path: string, bytes: number): Promise<TextPiece[]> {
  const pieces = [];
  for await (const piece of textPieces(path, bytes)) pieces.push(piece);
  return pieces;
}

describe("textPieces", () => {
  test("any text, in pieces of any size, is the text; only the last piece says so", async () => {
    const lines = fc
      .array(fc.string({ unit: "binary", maxLength: 12 }), { maxLength: 6 })
      .map((all) => all.join("\n"));
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 4, max: 40 }), async (text, bytes) => {
        const plain = text.replaceAll("\0", "").replace(/^\uFEFF+/, "");
        const pieces = await piecesOf(await folder.write("any.txt", plain), bytes);
        expect(pieces.map((piece) => piece.text).join("")).toBe(plain);
        expect(pieces.map((piece) => piece.last)).toEqual(pieces.map((_, i) => i === pieces.length - 1));
        for (const { text } of pieces) expect(() => encodeURIComponent(text)).not.toThrow(); // no half characters
      }),
      { numRuns: 60 },
    );
  });

  test("cuts are after line ends, but for lines of many pieces", async () => {
    const text = "one two\nthree\nfour\n";
    const pieces = await piecesOf(await folder.write("lines.txt", text.repeat(5)), 16);
    for (const { text, last } of pieces) expect(last || text.endsWith("\n")).toBe(true);
    expect(pieces.length).toBeGreaterThan(4);
    const long = await piecesOf(await folder.write("line.txt", "🐋".repeat(100)), 16);
    expect(long.length).toBeGreaterThan(2);
  });

  test("what is no text", async () => {
    const reading = async (bytes: number[]) =>
      piecesOf(await folder.write("bad.txt", Uint8Array.from(bytes)), 4);
    await expect(reading([97, 98, 99, 100, 101, 0])).rejects.toEqual(
      problem("notText", /bad\.txt is a binary file \(a zero byte in bytes 4 … 6\)/),
    );
    await expect(reading([97, 0xe9, 97])).rejects.toEqual(
      problem("notText", /not UTF-8 \(in or just before bytes 0 … 3/),
    );
    await expect(reading([97, 98, 99, 0xc3])).rejects.toEqual(problem("notText", /not UTF-8/));
    await expect(piecesOf(folder.path("none.txt"), 9)).rejects.toEqual(
      problem("missing", /no file .*none\.txt/),
    );
  });
});

describe("tokenizeFiles", () => {
  const reader = { read: (path: string) => textPieces(path, 16), how: "texts" };

  test("files as documents, tokenised once", async () => {
    const paths = [
      await folder.write("texts/a.txt", "The whale\nswam on\nand on."),
      await folder.write("texts/b.txt", "So it\ndid."),
    ];
    const read = vi.fn(reader.read);
    const make = () => tokenizeFiles("texts", paths, { ...reader, read }, { tokenizer: "char" });
    const { train, validation, tokenizer } = await make();
    const ids = [...train.read(0, train.length), ...validation.read(0, validation.length)];
    expect(tokenizer?.decode(ids)).toBe("The whale\nswam on\nand on.\n\nSo it\ndid.\n\n");
    expect(read).toHaveBeenCalledTimes(4); // for the vocabulary, then for the tokens
    await make();
    expect(read).toHaveBeenCalledTimes(4); // vocabulary and tokens from the cache
    await folder.write("texts/b.txt", "So it went.");
    const changed = await make();
    expect(changed.train.length + changed.validation.length).toBe(ids.length + 1);
  });

  test("characters that were kept are used only while they are whole", async () => {
    const { readdir, readFile, writeFile } = await import("node:fs/promises");
    vi.stubEnv("STEEPEST_CACHE", folder.path("characters"));
    const path = await folder.write("kept.txt", "So it did. 🐋");
    const lines: string[] = [];
    const vocabulary = async () => {
      const report = (line: string) => lines.push(line);
      const { tokenizer } = await tokenizeFiles("kept.txt", [path], reader, { tokenizer: "char", report });
      return tokenizer?.toJSON();
    };
    const expected = { name: "characters", characters: "\n .Sdiot🐋" };
    expect(await vocabulary()).toEqual(expected);
    expect(lines.at(-1)).toMatch(/^kept\.txt has 9 different characters, one token each .*--tokenizer gpt2/);
    const [name] = await readdir(folder.path("characters/characters"));
    const file = folder.path(`characters/characters/${name}`);
    const good = await readFile(file, "utf8");
    for (const bad of [
      good.replace("did", "did?"),
      good.replace("S", "s"),
      good.slice(0, -1),
      "[]",
      "null",
      "",
    ]) {
      await writeFile(file, bad);
      expect(await vocabulary()).toEqual(expected);
      expect(await readFile(file, "utf8")).toBe(good);
    }
  });

  test("nothing to train on", async () => {
    const path = await folder.write("my_validation.txt", "text");
    await expect(tokenizeFiles("texts", [path], reader)).rejects.toEqual(
      problem("empty", /texts has no texts to train on/),
    );
  });

  test("a cache that cannot be written is said", async () => {
    const path = await folder.write("c.txt", "text");
    vi.stubEnv("STEEPEST_CACHE", await folder.write("file", "not a folder"));
    await expect(tokenizeFiles("texts", [path], reader)).rejects.toEqual(
      problem(
        "unreadable",
        /cannot keep the tokens of texts \(.*\): set STEEPEST_CACHE to a folder with room/,
      ),
    );
  });

  test("what fails while tokens are written leaves nothing behind", async () => {
    const { readdir } = await import("node:fs/promises");
    const path = await folder.write("bad.txt", Uint8Array.of(...Array<number>(100).fill(97), 10, 0xff));
    vi.stubEnv("STEEPEST_CACHE", folder.path("fresh"));
    await expect(tokenizeFiles("texts", [path], reader)).rejects.toEqual(problem("notText", /not UTF-8/));
    expect(await readdir(folder.path("fresh/tokens"))).toEqual([]);
  });
});
