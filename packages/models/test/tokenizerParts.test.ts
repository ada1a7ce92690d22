import { readFileSync } from "node:fs";
import { huggingFaceTokenizer } from "@steepest/models";
import { describe, expect, test } from "vitest";
import { fixture, problem } from "./dataFiles.ts";

type Json = Record<string, unknown>;
type Sample = [text: string, ids: number[], decoded: string];

/** What Hugging Face's own library said; `fixtures/writeTokenizerParts.py` asks it again. */
const { shared, cases }: { shared: Json; cases: Record<string, { part: Json; samples: Sample[] }> } =
  JSON.parse(readFileSync(fixture("tokenizerParts.json"), "utf8"));

describe("the reference library's ids and texts, part by part", () => {
  test.each(Object.entries(cases))("%s", (_, { part, samples }) => {
    const tokenizer = huggingFaceTokenizer({ ...shared, ...part });
    for (const [text, ids, decoded] of samples) {
      expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
    }
  });
});

const refusal = (part: Json): unknown => {
  try {
    huggingFaceTokenizer({ ...shared, ...part });
  } catch (error) {
    return error;
  }
  return undefined;
};
const model = (change: Json): Json => ({ model: { ...(shared["model"] as Json), ...change } });
const split = (pattern: string): Json => ({
  pre_tokenizer: { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
});

describe("what is not read as the reference reads it is refused by its name", () => {
  test.each<[string, Json, RegExp]>([
    ["a normalizer", { normalizer: { type: "Nmt" } }, /has the normalizer "Nmt" .*read are NFC, /],
    ["a pre-tokenizer", { pre_tokenizer: { type: "UnicodeScripts" } }, /the pre_tokenizer "UnicodeScripts"/],
    ["a misspelt one", { pre_tokenizer: { type: "Metaspac" } }, /"Metaspac" \(did you mean "Metaspace"\?\)/],
    ["a part of a sequence", { normalizer: { type: "Sequence", normalizers: [{ type: "Nmt" }] } }, /"Nmt"/],
    ["a decoder", { decoder: { type: "CTC" } }, /the decoder "CTC"/],
    ["a model", model({ type: "Other" }), /the model "Other"/],
    ["a setting", { normalizer: { type: "NFC", strength: 3 } }, /a setting "strength" of its normalizer NFC/],
    ["dropout", model({ dropout: 0.1 }), /the dropout 0.1/],
    [
      "a first word that the normalizer may drop",
      {
        normalizer: { type: "Strip", strip_left: true, strip_right: true },
        pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: true },
      },
      /Metaspace with "first"/,
    ],
    ["ids that the library would count otherwise", { added_tokens: [{ id: 300, content: "<z>" }] }, /id 300/],
  ])("%s", (_, part, message) => {
    expect(refusal(part)).toEqual(problem("unsupported", message));
  });

  test.each(["(a+)+$", "(a+)+b", "(a|b)*", "(?:a?b)+", "(?:x{2,})+"])(
    "%s, which may never end",
    (pattern) => {
      expect(refusal(split(pattern))).toEqual(problem("unsupported", /in the expression/));
    },
  );

  test.each([
    "^a",
    "a$",
    "\\bword",
    "(?<n>a)",
    "a\\1",
    "(?i:ß)",
    "(?i:st)",
    "[[:alpha:]]",
    "[a&&b]",
    "\\p{Foo}",
    "a{2}?",
    "(a",
    "a)",
  ])("%s", (pattern) => {
    expect(refusal(split(pattern))).toEqual(problem("unsupported", /in the expression/));
  });

  test.each<[string, Json, RegExp]>([
    ["no type", { normalizer: {} }, /a normalizer has no type/],
    ["no object", { decoder: 3 }, /a decoder is 3, not an object/],
    [
      "a setting of another kind",
      { normalizer: { type: "Prepend", prepend: 1 } },
      /"prepend" .* is 1, expected a string/,
    ],
    ["a merge of nothing", model({ merges: ["a"] }), /merge 0 is "a", expected two tokens/],
    ["a merge without its token", model({ merges: ["a b"] }), /merge 0 .* not in the vocabulary/],
    [
      "a cut table",
      { normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" } },
      /Precompiled is cut short/,
    ],
  ])("damage: %s", (_, part, message) => {
    expect(refusal(part)).toEqual(problem("damaged", message));
  });
});

describe("long texts", () => {
  const a = [...huggingFaceTokenizer(shared).encode("a")][0];

  test("300,000 different words are more than one call can take as arguments", () => {
    const words = huggingFaceTokenizer({ ...shared, pre_tokenizer: { type: "WhitespaceSplit" } });
    expect(words.encode("a b ".repeat(150_000)).length).toBe(300_000);
    const deeper = huggingFaceTokenizer({ ...shared, ...model({ merges: [] }) });
    expect(deeper.encode("a".repeat(300_000)).every((id) => id === a)).toBe(true);
  });

  // A quadratic algorithm takes ten thousand times the steps of 4,000 letters; the time of these is not looked at.
  test.each(
    Object.keys(cases).filter((name) => /^(model (BPE byte|Unigram)|no parts|.*ByteLevel$)/.test(name)),
  )("a run of 400,000 equal letters: %s", (name) => {
    const tokenizer = huggingFaceTokenizer({ ...shared, ...cases[name]?.part });
    const counts = [1, 100].map((times) => tokenizer.encode("a".repeat(4_000 * times)).length);
    expect(counts[1]).toBeGreaterThan(90 * (counts[0] ?? 0));
  });
});
