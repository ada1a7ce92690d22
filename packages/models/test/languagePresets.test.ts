import { numpy as np, random } from "@jax-js/jax";
import { ConfigError, createLanguageModel, languageModelNames } from "@steepest/models";
import { disposeTree, namedLeaves } from "steepest";
import { expect, test } from "vitest";
import { leakedBuffers, liveBuffers } from "#test-support/liveBuffers.ts";
import { flat, ids } from "./languageModelContract.ts";

/** Two tables, and a block of 4 · width² attention and 8 · width² feed-forward weights. */
const gptCount = (vocab: number, width: number, depth: number, tables = 2): number =>
  tables * vocab * width + depth * 12 * width ** 2;

/** Two tables; a block of four square matrices, three of the feed-forward width and two gains; a last gain. */
const llamaCount = (width: number, hidden: number, depth: number): number =>
  2 * 32000 * width + depth * (4 * width ** 2 + 3 * width * hidden + 2 * width) + width;

/** One table; 16 query heads and 8 key and value heads of 128; two more gains of 128. */
const qwen3Count = (width: number, hidden: number, depth: number): number =>
  151936 * width +
  depth * (2 * 2048 * width + 2 * 1024 * width + 3 * width * hidden + 2 * width + 2 * 128) +
  width;

// [parameters, in the words of manifold-and-weight-control.md 5.3, in that many parameters]
const published: Record<string, readonly [count: number, rounded?: string, unit?: number, digits?: number]> =
  {
    tiny: [gptCount(89, 64, 2)],
    "char-1m": [gptCount(89, 128, 4)],
    "char-3m": [gptCount(89, 256, 4)],
    "nano-char": [gptCount(89, 384, 6)],
    "nanogpt-124m": [gptCount(50304, 768, 12, 1), "124", 1e6, 0],
    "nanogpt-3b": [gptCount(50304, 2560, 36, 1), "2.96", 1e9, 2],
    // One table of 50257, positions, a block of 12 · width² weights and 13 · width in vectors, a last norm.
    "gpt2-124m": [50257 * 768 + 1024 * 768 + 12 * (12 * 768 ** 2 + 13 * 768) + 2 * 768, "124", 1e6, 0],
    "llama-60m": [llamaCount(512, 1376, 8), "58", 1e6, 0],
    "llama-130m": [llamaCount(768, 2048, 12), "134", 1e6, 0],
    "llama-350m": [llamaCount(1024, 2736, 24), "368", 1e6, 0],
    "llama-1.3b": [llamaCount(2048, 5461, 24), "1.34", 1e9, 2],
    "llama-3b": [llamaCount(2560, 6848, 32), "2.7", 1e9, 1],
    "qwen3-0.6b": [qwen3Count(1024, 3072, 28), "596", 1e6, 0],
    "qwen3-1.7b": [qwen3Count(2048, 6144, 28), "1.72", 1e9, 2],
  };
const withCharacters = new Set(["tiny", "char-1m", "char-3m", "nano-char"]);

test("every preset is in the table", () => {
  expect(Object.keys(published)).toEqual([...languageModelNames]);
});

test.each(Object.entries(published))(
  "%s has the parameters of the table, and counting allocates nothing",
  async (name, row) => {
    const [count, rounded, unit = 1, digits] = row;
    const before = await liveBuffers();
    const model = createLanguageModel(name, withCharacters.has(name) ? { vocabSize: 89 } : {});
    expect(model.parameterCount).toBe(count);
    if (rounded !== undefined) expect((model.parameterCount / unit).toFixed(digits)).toBe(rounded);
    const sum = model.parameters.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b), 0);
    expect(sum).toBe(count);
    expect(Object.keys(model.roles())).toHaveLength(model.parameters.length);
    expect(await liveBuffers()).toBe(before);
  },
);

test("heads, context and vocabulary of the published shapes", () => {
  const of = (name: string) => createLanguageModel(name);
  expect(of("llama-3b").cacheShape).toEqual([32, 32, 1024, 80]);
  expect(of("llama-1.3b").cacheShape).toEqual([24, 32, 1024, 64]);
  expect(of("qwen3-0.6b").cacheShape).toEqual([28, 8, 1024, 128]);
  expect(of("qwen3-1.7b").config).toMatchObject({
    heads: 16,
    rotaryBase: 1e6,
    normEps: 1e-6,
    tiedHead: true,
  });
  expect(of("gpt2-124m")).toMatchObject({ vocabSize: 50257, context: 1024, name: "gpt2" });
  expect(of("nanogpt-3b").cacheShape).toEqual([36, 20, 1024, 128]);
});

test("settings replace those of the preset, the tokenizer's vocabulary the published one", () => {
  expect(createLanguageModel("tiny", { vocabSize: 89, depth: 3 }).config).toMatchObject({
    depth: 3,
    width: 64,
  });
  expect(createLanguageModel("llama-60m", { vocabSize: 300, depth: 1 }).parameterCount).toBe(
    llamaCount(512, 1376, 1) - 2 * (32000 - 300) * 512,
  );
});

test.each([
  ["tinny", { vocabSize: 89 }, /no model "tinny".*did you mean "tiny"/],
  ["llama-130", {}, /no model "llama-130".*did you mean "llama-130m"/],
  ["tiny", {}, /the preset "tiny" needs vocabSize/],
  ["gpt2-124m", { rotaryBase: 100 }, /a gpt2 has no setting "rotaryBase"/],
  ["tiny", { vocabSize: 9, kvHeads: 2 }, /a gpt has no setting "kvHeads"/],
])("refuses %s with %o", (name, settings, message) => {
  expect(() => createLanguageModel(name, settings)).toThrow(ConfigError);
  expect(() => createLanguageModel(name, settings)).toThrow(message);
});

test("the default model starts near log(89)", () => {
  const tiny = createLanguageModel("tiny", { vocabSize: 89 });
  const tokens = ids([new Array<number>(64).fill(40)]);
  const loss = tiny.loss(tiny.init(random.key(0)), { tokens: tokens.ref, targets: tokens });
  expect(Math.abs(loss.item() - Math.log(89))).toBeLessThan(0.5); // one repeated token: one draw of a logit
});

const shrunk = {
  context: 8,
  width: 32,
  hiddenWidth: 80,
  depth: 2,
  heads: 4,
  initialization: "spectral",
} as const;
test.each([
  ["tiny", { ...shrunk, vocabSize: 40 }],
  ["gpt2-124m", { ...shrunk, vocabSize: 40 }],
  ["llama-60m", { ...shrunk, vocabSize: 40 }],
  ["qwen3-0.6b", { ...shrunk, vocabSize: 40, kvHeads: 2, headDim: 16 }],
])("spectral initialisation of %s: every weight on the unit sphere of its norm", async (name, settings) => {
  const model = createLanguageModel(name, settings);
  const params = model.init(random.key(2));
  const roles = model.roles();
  for (const [path, leaf] of namedLeaves(params)) {
    const [rows, columns = 1] = leaf.shape as [number, number];
    const values = flat(leaf.ref);
    const role = roles[path];
    if (role === "gain" || role === "bias") {
      expect(new Set(values), path).toEqual(new Set([role === "gain" ? 1 : 0]));
    } else if (role === "head") {
      // ±1/width, both signs: for inputs of RMS 1 a logit is at most 1.
      expect(new Set(values.map(Math.abs)), path).toEqual(new Set([Math.fround(1 / columns)]));
      expect(new Set(values).size, path).toBe(2);
    } else if (role === "embedding") {
      for (let i = 0; i < rows; i++) {
        const row = values.slice(i * columns, (i + 1) * columns);
        expect(row.reduce((sum, x) => sum + x * x, 0) / columns, path).toBeCloseTo(1, 5);
      }
    } else {
      // Semi-orthogonal times √(rows/columns): the Gram matrix of the short side is rows/columns · 1.
      const w = leaf.ref;
      const gram =
        rows <= columns ? np.matmul(w.ref, np.matrixTranspose(w)) : np.matmul(np.matrixTranspose(w.ref), w);
      const side = Math.min(rows, columns);
      // float32 iteration: singular values to 1e-6.
      const off = flat(gram).map((x, i) => Math.abs(x - (i % (side + 1) === 0 ? rows / columns : 0)));
      expect(Math.max(...off), path).toBeLessThan(2e-5);
    }
  }
  disposeTree(params);
  const tokens = ids([[1, 2, 3, 4, 5, 6, 7, 8]]);
  const loss = model.loss(model.init(random.key(5)), { tokens: tokens.ref, targets: tokens });
  expect(Math.abs(loss.item() - Math.log(40))).toBeLessThan(0.2); // logits of about 1/√32 = 0.18
  expect(await leakedBuffers(() => disposeTree(model.init(random.key(1))))).toBe(0);
});
