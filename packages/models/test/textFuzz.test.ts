import { readFileSync } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { DataError } from "@steepest/models";
import { loadData, readTextFile, readTokenizer } from "@steepest/models/node";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { textPieces } from "../src/data/text/textPieces.ts";
import { cachedTokens } from "../src/data/tokens/cachedTokens.ts";
import { fileTokens } from "../src/data/tokens/fileTokens.ts";
import { counting, fixture, testFolder } from "./dataFiles.ts";
import { anyDamage, fuzz, place } from "./fuzz.ts";

/* Texts, tokenizers and kept tokens, damaged: as in dataFuzz.test.ts. */

const folder = testFolder();

describe("texts", () => {
  const good = Buffer.from("Call me Ishmael – some years ago… 🐋\n".repeat(40));
  /** Invalid UTF-8: a lone continuation, an overlong form, a surrogate, beyond U+10FFFF, a lead without its rest. */
  const wrongs = [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x9f], [0]];
  const wrong = fc.tuple(place, fc.constantFrom(...wrongs)).map(([at, bytes]) => (text: Buffer) => {
    const i = Math.floor(at * text.length);
    return Buffer.concat([text.subarray(0, i), Buffer.from(bytes), text.subarray(i)]);
  });
  const damages = fc.oneof(anyDamage, wrong);
  const read = async (path: string): Promise<void> => {
    const data = await loadData(path);
    if (data.kind !== "text") throw new Error(data.kind);
    expect(data.text).not.toContain("\0");
    expect(() => encodeURIComponent(data.text)).not.toThrow(); // no half characters
    expect(data.text.length).toBeGreaterThan(0);
  };
  test("a file", () => fuzz(folder, good, "fuzz.txt", read, 300, damages));
  test("a file of a folder", async () => {
    await folder.write("fuzz-texts/a.txt", "whole");
    await fuzz(folder, good, "fuzz-texts/b/b.md", () => read(folder.path("fuzz-texts")), 200, damages);
  });
  test("in pieces, as long texts are read: the same text or the same refusal", () =>
    fuzz(
      folder,
      good,
      "pieces.txt",
      async (path) => {
        const whole = await readTextFile(path).catch((error: unknown) => {
          if (error instanceof DataError) return error.problem;
          throw error;
        });
        let text = "";
        try {
          for await (const piece of textPieces(path, 16)) text += piece.text;
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
          expect(whole).toBe(error.problem);
          return;
        }
        expect(text === "" ? "empty" : text).toBe(whole);
      },
      200,
      damages,
    ));

  test("one larger than a string can be is refused before it is read", async () => {
    const path = await folder.write("huge.txt", "");
    await truncate(path, 2 ** 40); // a hole: it takes no room on the disk
    const before = process.resourceUsage().maxRSS;
    await expect(readTextFile(path)).rejects.toThrow(/huge\.txt has 1099511627776 bytes, more than/);
    await expect(loadData(path)).rejects.toThrow(/huge\.txt is a binary file \(a zero byte in bytes 0 … /);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(200_000);
    await truncate(path, 0);
  });
});

describe("tokenizer_config.json", () => {
  const good = JSON.stringify({
    eos_token: { content: "<|endoftext|>", special: true },
    bos_token: "<|endoftext|>",
    clean_up_tokenization_spaces: false,
    added_tokens_decoder: { "0": { content: "<|endoftext|>", special: true } },
    model_max_length: 1024,
  });
  const read = async (): Promise<void> => {
    const tokenizer = await readTokenizer(folder.path("configured"), () => []);
    const { endOfText, vocabSize } = tokenizer;
    expect(endOfText === undefined || (endOfText >= 0 && endOfText < vocabSize)).toBe(true);
    expect(tokenizer.decode(tokenizer.encode("Call me Ishmael."))).toMatch(/Ishmael/);
  };
  beforeAll(() =>
    folder
      .write("configured/tokenizer.json", readFileSync(fixture("bpe.tokenizer.json")))
      .then(() => undefined),
  );
  test("damaged", () => fuzz(folder, Buffer.from(good), "configured/tokenizer_config.json", read, 150));
  test("with a value exchanged", async () => {
    let values = 0;
    JSON.parse(good, () => void values++);
    const odd = fc.constantFrom<unknown>(null, true, -1, 1e9, "", "x", [], {}, [null], { content: 5 });
    await fc.assert(
      fc.asyncProperty(fc.nat(values - 1), odd, async (which, value) => {
        let seen = 0;
        const changed = JSON.parse(good, (_, old: unknown) => (seen++ === which ? value : old));
        await folder.write("configured/tokenizer_config.json", JSON.stringify(changed));
        await read().catch((error: unknown) => {
          if (!(error instanceof DataError)) throw error;
        });
      }),
      { numRuns: 100 },
    );
  });
});

test("kept tokens that are damaged are made again", async () => {
  const [key, tokens] = [["fuzz"], Int32Array.from(counting(300))];
  let made = 0;
  const kept = () =>
    cachedTokens(key, 50_000, async function* () {
      made++;
      yield tokens;
    });
  const { path, count } = await kept();
  expect([made, count]).toEqual([1, 300]);
  const good = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.array(anyDamage, { minLength: 1, maxLength: 3 }), async (changes) => {
      let bytes: Buffer = Buffer.from(good);
      for (const change of changes) bytes = change(bytes);
      await writeFile(path, bytes);
      const file = fileTokens(await kept());
      expect([...file.read(0, file.length)]).toEqual([...tokens]);
      // The zeros of the header say nothing; all else would have been noticed.
      const same = Buffer.concat([bytes.subarray(0, 20), bytes.subarray(32)]);
      const whole = Buffer.concat([good.subarray(0, 20), good.subarray(32)]);
      if (!same.equals(whole)) expect(readFileSync(path).equals(good)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

describe("tokenizer.json", () => {
  test.each(["bpe", "wordpiece", "unigram"])("%s", (name) =>
    fuzz(
      folder,
      readFileSync(fixture(`${name}.tokenizer.json`)),
      `${name}.json`,
      async (path) => {
        const tokenizer = await readTokenizer(path, () => []);
        expect(tokenizer.vocabSize).toBeLessThan(10_000);
        const ids = tokenizer.encode("Call me Ishmael. 🐋");
        expect(ids.every((id) => id >= 0 && id < tokenizer.vocabSize)).toBe(true);
        tokenizer.decode(ids);
      },
      100,
    ),
  );

  // Most damage to JSON stops at the parser: here values are exchanged instead.
  test.each(["bpe", "wordpiece", "unigram"])("%s with a value exchanged", async (name) => {
    const text = readFileSync(fixture(`${name}.tokenizer.json`), "utf8");
    let values = 0;
    JSON.parse(text, () => void values++);
    const odd = fc.constantFrom<unknown>(null, true, -1, 1e9, 0.5, "", "x", "[", [], {}, [null], {
      type: "x",
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(values - 1), odd, async (which, value) => {
        let seen = 0;
        const changed = JSON.parse(text, (_, old: unknown) => (seen++ === which ? value : old));
        try {
          const path = await folder.write("odd.json", JSON.stringify(changed));
          const tokenizer = await readTokenizer(path, () => []);
          expect(tokenizer.vocabSize).toBeLessThan(10_000);
          tokenizer.decode(tokenizer.encode("Call me Ishmael. 🐋"));
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
        }
      }),
      { numRuns: 100 },
    );
  });
});
