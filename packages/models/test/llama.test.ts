import { ConfigError, type LlamaConfig, llama, qwen3 } from "@steepest/models";
import { describe, expect, test } from "vitest";
import { languageModelContract } from "./languageModelContract.ts";
import { referenceDecoder } from "./referenceDecoder.ts";

/** What the two families are, said a second time. */
const common = { activation: "swiglu", scale: 1, normEps: 1e-6 } as const;
const asLlama = { ...common, queryKeyNorm: false, rotaryBase: 10000 };
const asQwen3 = { ...common, queryKeyNorm: true, rotaryBase: 1e6 };
const sizes = { vocabSize: 7, context: 5 };

const small = { ...sizes, width: 8, depth: 2, heads: 2, hiddenWidth: 11 };
languageModelContract("llama", llama(small), (params, tokens) =>
  referenceDecoder({ ...asLlama, heads: 2, kvHeads: 2 }, params, tokens),
);

// Four query heads on two key heads, and heads · headDim = 16 beside a width of 6.
const grouped = { ...sizes, width: 6, depth: 1, heads: 4, kvHeads: 2, headDim: 4, hiddenWidth: 5 };
const changed = { tiedHead: true, normEps: 0.01, rotaryBase: 30, activationScale: true };
languageModelContract(
  "llama, grouped, every setting changed",
  llama({ ...grouped, ...changed }),
  (params, tokens) =>
    referenceDecoder(
      { ...asLlama, heads: 4, kvHeads: 2, normEps: 0.01, rotaryBase: 30, scale: 1.676532 },
      params,
      tokens,
    ),
);

languageModelContract("qwen3", qwen3(grouped), (params, tokens) =>
  referenceDecoder({ ...asQwen3, heads: 4, kvHeads: 2 }, params, tokens),
);

describe("settings", () => {
  const base: LlamaConfig = { vocabSize: 89, context: 64, width: 64, depth: 2, heads: 4 };

  test("the defaults of llama and of qwen3", () => {
    expect(llama(base).config).toEqual({
      ...base,
      kvHeads: 4,
      headDim: 16,
      hiddenWidth: 176,
      tiedHead: false,
      normEps: 1e-6,
      rotaryBase: 10000,
      activationScale: false,
      initialization: "normal",
    });
    expect(qwen3(base).config).toMatchObject({
      kvHeads: 4,
      headDim: 128,
      hiddenWidth: 192,
      tiedHead: true,
      rotaryBase: 1e6,
    });
  });

  test("roles: gains are gains, a tied table is a head", () => {
    expect(llama({ ...base, depth: 0 }).roles()).toEqual({
      embedding: "embedding",
      finalGain: "gain",
      head: "head",
    });
    expect(qwen3({ ...base, depth: 1 }).roles()).toMatchObject({
      embedding: "head",
      "blocks.0.attention.queryGain": "gain",
      "blocks.0.attention.query": "hidden",
    });
  });

  test("work per token: products and attention", () => {
    // 8 heads of 128 read 2 · 64 positions: 12 · depth · context · heads · headDim
    const model = qwen3({ ...base, depth: 1, heads: 8, kvHeads: 2, hiddenWidth: 10 });
    const hidden = 64 * 1024 * 2 + 64 * 256 * 2 + 3 * 64 * 10;
    expect(model.flopsPerToken).toBe(6 * (89 * 64 + hidden) + 12 * 64 * 8 * 128);
  });

  test.each([
    [{ width: 12 }, /even width for the rotary embedding: 12 \/ 4 heads = 3; take a width of 8 or 16/],
    [{ heads: 5 }, /heads must divide width: 64 \/ 5 .* take 1, 2, 4, 8, 16, 32 heads/],
    [{ kvHeads: 3 }, /kvHeads must divide heads.* 4 \/ 3 is not whole; take 1, 2, 4/],
    [{ headDim: 7 }, /headDim must be even .* got 7, take 8/],
    [{ heads: 64 }, /even width for the rotary embedding: 64 \/ 64 heads = 1; take a width of 128/],
    [{ hiddenWidth: 0 }, /hiddenWidth must be a positive integer; got 0/],
    [{ vocabSize: undefined }, /a llama needs vocabSize/],
    [{ kvHead: 2 }, /a llama has no setting "kvHead".*did you mean "kvHeads"\?/],
    [{ normEps: 0 }, /normEps must be a number above 0, usually 1e-6/],
    [{ rotaryBase: "big" }, /rotaryBase must be a number above 1, usually 10000; got big/],
    [{ tiedHead: 1 }, /tiedHead is true or false; got 1/],
    [{ initialization: "spectrl" }, /one of normal, spectral; got "spectrl".*did you mean "spectral"\?/],
  ])("refuses %o", (change, message) => {
    const make = () => llama({ ...base, ...change } as never);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
