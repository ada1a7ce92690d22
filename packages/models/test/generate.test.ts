import { jit, numpy as np } from "@jax-js/jax";
import {
  DataError,
  type GenerateOptions,
  generate,
  gpt,
  gpt2,
  type LanguageModel,
  llama,
  qwen3,
} from "@steepest/models";
import { refTree, type Tree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { sampleToken } from "../src/language/sampleToken.ts";
import { ids, sampleParams } from "./languageModelContract.ts";

const sizes = { vocabSize: 7, context: 6, width: 8, depth: 2, heads: 4 };
const models: LanguageModel[] = [
  gpt(sizes),
  gpt({ ...sizes, depth: 0 }),
  gpt2({ ...sizes, depth: 1 }),
  qwen3({ ...sizes, kvHeads: 2, headDim: 6 }),
  llama({ ...sizes, depth: 1, context: 1 }),
  // A prompt of three tokens is read token by token.
  gpt2({ ...sizes, depth: 1, context: 24 }),
];
const cases = models.map((model) => ({ model, title: `${model.name} ${JSON.stringify(model.config)}` }));
const model = gpt(sizes);
const params = (): Tree => sampleParams(model);

/**
 * The same text without a cache: the model run anew on the window for every token. A full window starts again at
 * its last half.
 */
function uncached(
  of: LanguageModel,
  logitsOf: (params: Tree, window: np.Array) => np.Array,
  prompt: number[],
  options: GenerateOptions,
): number[] {
  const { context, vocabSize } = of;
  const { tokens, temperature = 1, topK = vocabSize, topP = 1, seed = 0 } = options;
  const text = [...prompt];
  let start = Math.max(0, text.length - context);
  for (let index = 0; index < tokens; index++) {
    if (text.length - start > context) start = text.length - Math.max(1, Math.floor(context / 2));
    const seen = text.slice(start);
    const window = Array.from({ length: context }, (_, t) => seen[t] ?? 0); // what follows cannot be seen
    const logits = logitsOf(sampleParams(of), ids([window])).js() as number[][][];
    text.push(sampleToken(logits[0]?.[seen.length - 1] ?? [], { temperature, topK, topP, seed, index }));
  }
  return text.slice(prompt.length);
}

describe.each(cases)("generate: $title", ({ model }) => {
  test("with the cache token for token what it is without, past the end of the context too", async () => {
    const logitsOf = jit((p: Tree, window: np.Array) => model.apply(p, window)); // one shape, compiled once
    for (const [seed, prompt] of [
      [1, 6, 2],
      [6, 4, 2, 0, 1, 3, 5, 2, 4],
    ].entries()) {
      const options = { tokens: 24, seed, temperature: 1.5 };
      const out = await generate(model, sampleParams(model), prompt, options);
      expect([...out], `prompt ${prompt}`).toEqual(uncached(model, logitsOf, prompt, options));
    }
    logitsOf.dispose();
  });

  test("nothing leaks", async () => {
    const work = async () => {
      await generate(model, sampleParams(model), [1], { tokens: 9 });
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

describe("generate", () => {
  test("temperature 0 follows the argmax", async () => {
    const out = await generate(model, params(), [3], { tokens: 5, temperature: 0 });
    const text = [3];
    for (let i = 0; i < 5; i++) {
      const last = (model.apply(sampleParams(model), ids([text])).js() as number[][][])[0]?.at(-1) ?? [];
      text.push(last.indexOf(Math.max(...last)));
    }
    expect([...out]).toEqual(text.slice(1));
  });

  test("same seed, same tokens; another seed, others", async () => {
    const of = (seed: number) => generate(model, params(), [3, 1], { tokens: 20, seed });
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
    expect(await of(1)).toHaveLength(20);
  });

  test("topK 1 and a tiny topP are the argmax at any temperature", async () => {
    const greedy = await generate(model, params(), [2], { tokens: 6, temperature: 0 });
    const out = (options: object) =>
      generate(model, params(), [2], { tokens: 6, temperature: 5, ...options });
    expect(await out({ topK: 1 })).toEqual(greedy);
    expect(await out({ topP: 1e-6 })).toEqual(greedy);
    expect(await out({})).not.toEqual(greedy);
  });

  test("ids that the tokenizer lacks are never drawn, however likely", async () => {
    for (const temperature of [0, 1, 100]) {
      const options = { tokens: 40, temperature, knownTokens: 3 };
      const drawn = await generate(model, params(), [1, 2], options);
      expect(Math.max(...drawn)).toBeLessThan(3);
    }
    const any = await generate(model, params(), [1, 2], { tokens: 40, temperature: 100 });
    expect(Math.max(...any)).toBeGreaterThan(2);
    await expect(generate(model, params(), [1], { tokens: 1, knownTokens: 0 })).rejects.toThrow(
      /knownTokens must/,
    );
  });

  test("every token is handed over as it is drawn", async () => {
    const seen: number[] = [];
    const out = await generate(model, params(), [2], { tokens: 6, onToken: (token) => seen.push(token) });
    expect(seen).toEqual([...out]);
  });

  test("signals and timers get their turn, and an aborted signal ends it", async () => {
    const stop = new AbortController();
    let drawn = 0;
    const options = { tokens: 100_000, signal: stop.signal, onToken: () => void drawn++ };
    setTimeout(() => stop.abort(new Error("enough")), 1);
    await expect(generate(model, params(), [1], options)).rejects.toThrow("enough");
    expect(drawn).toBeLessThan(options.tokens);
    await expect(generate(model, params(), [1], options)).rejects.toThrow("enough");
  });

  test("a bad prompt or option is refused and the parameters are still given up", async () => {
    const kept = sampleParams(model);
    const of = (prompt: number[], options: object = {}) =>
      generate(model, refTree(kept), prompt, { tokens: 1, ...options });
    await expect(of([])).rejects.toThrow(DataError);
    await expect(of([7])).rejects.toThrow(/prompt token 7 at 0 is not in 0 … 6/);
    await expect(of([1], { topP: 0 })).rejects.toThrow(/topP must be above 0 and at most 1; got 0/);
    await expect(of([1], { topP: 1.1 })).rejects.toThrow(RangeError);
    expect(kept.embedding.refCount).toBe(1);
  });

  test("a cache of a model with fewer layers is refused", () => {
    const one = gpt({ ...sizes, depth: 1 });
    const window = ids([[0, 1, 2, 3, 4, 5]]);
    const int32 = (value: number, shape: number[]) => np.array([value], { dtype: np.int32 }).reshape(shape);
    const { logits, cache } = one.prefill(sampleParams(one), window, int32(2, []));
    logits.dispose();
    expect(() => model.decode(sampleParams(model), int32(0, [1]), int32(2, []), cache)).toThrow(
      /the cache has 1 layers, the model more/,
    );
    expect(() => one.prefill(sampleParams(one), ids([[0, 1]]), int32(2, []))).toThrow(
      /one window of the whole context \[1, 6\], got \[1, 2\]/,
    );
  });
});

describe("sampleToken", () => {
  const draw = (logits: number[], temperature: number, topK = logits.length, topP = 1) =>
    Array.from({ length: 4000 }, (_, index) =>
      sampleToken(logits, { temperature, topK, topP, seed: 9, index }),
    );
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

  test("topP keeps the fewest likeliest that reach it, after topK", () => {
    const logits = [1, 5, 2, 2].map(Math.log); // shares 0.1, 0.5, 0.2, 0.2
    expect(new Set(draw(logits, 1, 4, 0.49))).toEqual(new Set([1]));
    expect(new Set(draw(logits, 1, 4, 0.69))).toEqual(new Set([1, 2]));
    expect(new Set(draw(logits, 1, 4, 0.71))).toEqual(new Set([1, 2, 3]));
    expect(new Set(draw(logits, 1, 4, 1))).toEqual(new Set([0, 1, 2, 3]));
    // Of the two that topK leaves, the first has 5/7 = 0.714.
    expect(new Set(draw(logits, 1, 2, 0.71))).toEqual(new Set([1]));
    // What is left is drawn by its own shares, here 5 to 2: one in 0.286, standard deviation 0.007.
    expect(Math.abs(share(draw(logits, 1, 4, 0.69), 2) - 2 / 7)).toBeLessThan(0.028);
  });

  test.each([
    [{ topP: 0 }, /topP must be above 0 and at most 1; got 0/],
    [{ temperature: -1 }, /temperature must be 0 or a positive number; got -1/],
    [{ topK: 0 }, /topK must be a positive integer; got 0/],
  ])("refuses %o", (change, message) => {
    const options = { temperature: 1, topK: 2, topP: 1, seed: 0, index: 0, ...change };
    expect(() => sampleToken([1, 2], options)).toThrow(message);
  });

  test("refuses logits of a diverged model", () => {
    const options = { temperature: 1, topK: 2, topP: 1, seed: 0, index: 0 };
    expect(() => sampleToken([1, NaN], options)).toThrow(/the model has diverged/);
  });
});
