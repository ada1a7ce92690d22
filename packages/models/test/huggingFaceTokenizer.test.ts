import { readFileSync } from "node:fs";
import { loadTokenizer } from "@steepest/models";
import { readTokenizer } from "@steepest/models/node";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixture, problem, testFolder } from "./dataFiles.ts";

const folder = testFolder();
const noText = (): string[] => [];
const fixturePath = (name: string): string => fixture(`${name}.tokenizer.json`);
const fixtureJson = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(fixturePath(name), "utf8"));

interface Expected {
  vocabSize: number;
  samples: { text: string; ids: number[]; decoded: string }[];
}
const expected: Record<string, Expected> = JSON.parse(
  readFileSync(fixture("tokenizers.expected.json"), "utf8"),
);

describe.each(Object.entries(expected))("%s", (name, { vocabSize, samples }) => {
  test("ids and texts are those of Hugging Face's own library", async () => {
    const tokenizer = await readTokenizer(fixturePath(name), noText);
    expect(tokenizer.vocabSize).toBe(vocabSize);
    for (const { text, ids, decoded } of samples) {
      expect([...tokenizer.encode(text)]).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(decoded);
    }
  });

  test("its JSON builds it again", async () => {
    const tokenizer = await readTokenizer(fixturePath(name), noText);
    const again = await loadTokenizer(JSON.parse(JSON.stringify(tokenizer)));
    const text = "Call me Ishmael.";
    expect([...again.encode(text)]).toEqual([...tokenizer.encode(text)]);
    expect(again.endOfText).toBe(tokenizer.endOfText);
  });
});

describe("byte-level BPE", () => {
  test("any text without lone surrogates survives", async () => {
    const tokenizer = await readTokenizer(fixturePath("bpe"), noText);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
    expect(tokenizer.endOfText).toBe(0);
    expect(() => tokenizer.decode([340])).toThrow(/token 340 is not in 0 … 339/);
  });

  test("a folder with tokenizer_config.json, whose end token counts", async () => {
    await folder.write("hub/tokenizer.json", readFileSync(fixturePath("bpe")));
    await folder.write("hub/tokenizer_config.json", JSON.stringify({ eos_token: { content: "a" } }));
    const tokenizer = await readTokenizer(folder.path("hub"), noText);
    expect(tokenizer.endOfText).toBe(tokenizer.encode("a")[0]);
  });
});

describe("damage", () => {
  const failing = async (
    change: (json: Record<string, unknown>) => unknown,
    message: RegExp,
    name = "bpe",
  ) => {
    const path = await folder.write("bad.json", JSON.stringify(change(fixtureJson(name))));
    await expect(readTokenizer(path, noText)).rejects.toEqual(problem("damaged", message));
  };
  const inModel = (part: object) => (json: Record<string, unknown>) => ({
    ...json,
    model: { ...(typeof json["model"] === "object" ? json["model"] : {}), ...part },
  });

  test("files that are no tokenizer", async () => {
    await expect(readTokenizer(await folder.write("bad.json", "{"), noText)).rejects.toEqual(
      problem("damaged", /bad\.json is not JSON/),
    );
    await failing(() => [], /bad\.json: this tokenizer\.json cannot be used: it is no object; get it again/);
    await failing(() => ({}), /it has no "model"/);
    await failing((json) => ({ ...json, added_tokens: 3 }), /"added_tokens" is no list/);
    await failing(inModel({ vocab: 3 }), /its model has no "vocab"/);
    await failing(inModel({ merges: undefined }), /a BPE model needs a list of merges/);
    await failing(inModel({ vocab: [["a"]] }), /entry 0 of its vocabulary/, "unigram");
  });

  test("ids that would need a huge table, or stand for two tokens", async () => {
    await failing(inModel({ vocab: { a: 1, b: 2 ** 31 }, merges: [] }), /token "b" has id 2147483648/);
    await failing(inModel({ vocab: { a: 1, b: -1 }, merges: [] }), /token "b" has id -1/);
    await failing(inModel({ vocab: { a: 1, b: 4e6 }, merges: [] }), /id 4000000 in a vocabulary of 3 tokens/);
    await failing(inModel({ vocab: { a: 1, b: 1 }, merges: [] }), /id 1 belongs to "a" and to "b"/);
  });

  test("names", async () => {
    await expect(readTokenizer("gpt3", noText)).rejects.toEqual(
      problem(
        "missing",
        /there is no tokenizer gpt3 \(did you mean "gpt2"\?\): give char, gpt2, or the path/,
      ),
    );
    const characters = await readTokenizer("char", () => ["ab", "bc"]);
    expect(characters.vocabSize).toBe(3);
  });
});
