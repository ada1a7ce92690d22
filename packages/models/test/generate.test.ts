import { numpy as np, random } from "@jax-js/jax";
import {
  createLanguageModel,
  DataError,
  type DecoderParams,
  generate,
  gpt,
  languageModelNames,
} from "@steepest/models";
import { refTree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { sampleToken } from "../src/sampleToken.ts";
import { ids, sampleParams } from "./gptSamples.ts";

const config = { vocabSize: 7, context: 5, width: 8, depth: 1, heads: 2 };
const model = gpt(config);
const params = (): DecoderParams => sampleParams(config);

/** What the model itself says comes next, without padding. */
function likeliest(text: number[]): number {
  const logits = model.apply(params(), ids([text.slice(-config.context)])).js() as number[][][];
  const last = logits[0]?.at(-1) ?? [];
  return last.indexOf(Math.max(...last));
}

describe("generate", () => {
  test("temperature 0 follows the argmax, past the end of the context too", async () => {
    const text = [3];
    for (let i = 0; i < 9; i++) text.push(likeliest(text));
    const out = await generate(model, params(), [3], { tokens: 9, temperature: 0 });
    expect([...out]).toEqual(text.slice(1));
  });

  test("a prompt longer than the context is continued from its end", async () => {
    for (let seed = 0; seed < 10; seed++) {
      const prompt = Array.from({ length: 9 }, (_, i) => (seed * 5 + i * i * 3 + (i >> 1)) % 7);
      const out = await generate(model, params(), prompt, { tokens: 1, temperature: 0 });
      expect([...out], `prompt ${prompt}`).toEqual([likeliest(prompt)]);
    }
  });

  test("same seed, same tokens; another seed, others", async () => {
    const of = (seed: number) => generate(model, params(), [3, 1], { tokens: 20, seed });
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
    expect(await of(1)).toHaveLength(20);
  });

  test("topK 1 is the argmax at any temperature", async () => {
    const greedy = await generate(model, params(), [2], { tokens: 6, temperature: 0 });
    expect(await generate(model, params(), [2], { tokens: 6, temperature: 5, topK: 1 })).toEqual(greedy);
  });

  test("a bad prompt is refused and the parameters are still given up", async () => {
    const kept = params();
    const counts = () => kept.embedding.refCount;
    await expect(generate(model, refTree(kept), [], { tokens: 1 })).rejects.toThrow(DataError);
    await expect(generate(model, refTree(kept), [7], { tokens: 1 })).rejects.toThrow(
      /prompt token 7 at 0 is not in 0 … 6/,
    );
    expect(counts()).toBe(1);
  });

  test("nothing leaks", async () => {
    const work = async () => {
      await generate(model, params(), [1], { tokens: 3 });
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

describe("sampleToken", () => {
  const draw = (logits: number[], temperature: number, topK = logits.length) =>
    Array.from({ length: 4000 }, (_, index) => sampleToken(logits, { temperature, topK, seed: 9, index }));
  const share = (drawn: number[], id: number) => drawn.filter((x) => x === id).length / drawn.length;

  test("frequencies are those of the softmax at the temperature", () => {
    // Logits of log 1, log 2, log 4 at temperature 1/2: shares 1, 4, 16 of 21.
    const drawn = draw([0, Math.log(2), Math.log(4)], 0.5);
    // Standard deviation of a share of 4000 draws: at most 0.008; four of them.
    for (const [id, expected] of [1 / 21, 4 / 21, 16 / 21].entries()) {
      expect(Math.abs(share(drawn, id) - expected)).toBeLessThan(0.032);
    }
  });

  test("topK keeps the largest logits only, and huge logits do not overflow", () => {
    expect(new Set(draw([5, 1, 4, 3], 100, 2))).toEqual(new Set([0, 2]));
    expect(new Set(draw([1e30, 0, -1e30], 0.1))).toEqual(new Set([0]));
  });

  test.each([
    [{ temperature: -1 }, /temperature must be 0 or a positive number; got -1/],
    [{ topK: 0 }, /topK must be a positive integer; got 0/],
  ])("refuses %o", (change, message) => {
    const options = { temperature: 1, topK: 2, seed: 0, index: 0, ...change };
    expect(() => sampleToken([1, 2], options)).toThrow(message);
  });

  test("refuses logits of a diverged model", () => {
    const options = { temperature: 1, topK: 2, seed: 0, index: 0 };
    expect(() => sampleToken([1, NaN], options)).toThrow(/the model has diverged/);
  });
});

describe("presets", () => {
  test("parameters with 89 characters: two tables and 12 · width² a block", () => {
    const counts = Object.fromEntries(
      languageModelNames.map((name) => [name, createLanguageModel(name, { vocabSize: 89 }).parameterCount]),
    );
    expect(counts).toEqual({
      tiny: 2 * 89 * 64 + 2 * 12 * 64 ** 2,
      "char-1m": 2 * 89 * 128 + 4 * 12 * 128 ** 2,
      "char-3m": 2 * 89 * 256 + 4 * 12 * 256 ** 2,
      "nano-char": 2 * 89 * 384 + 6 * 12 * 384 ** 2,
    });
  });

  test("settings replace those of the preset; a misspelt name gets the nearest", () => {
    expect(createLanguageModel("tiny", { vocabSize: 89, depth: 3 }).config).toMatchObject({
      depth: 3,
      width: 64,
    });
    expect(() => createLanguageModel("tinny", { vocabSize: 89 })).toThrow(
      /no model "tinny".*did you mean "tiny"/,
    );
  });

  test("the default model starts near log(89)", () => {
    const tiny = createLanguageModel("tiny", { vocabSize: 89 });
    const tokens = np.array(new Int32Array(64).fill(40), { shape: [1, 64], dtype: np.int32 });
    const loss = tiny.loss(tiny.init(random.key(0)), { tokens: tokens.ref, targets: tokens });
    expect(Math.abs(loss.item() - Math.log(89))).toBeLessThan(0.5); // one repeated token: one draw of a logit
  });
});
