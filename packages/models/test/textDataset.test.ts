import { characterTokenizer, counterRandom, DataError, textDataset, toTokenBatch } from "@steepest/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { threefry } from "../src/random/threefry.ts";

/** Characters 0x100, 0x101, … all distinct, so that an id is a position in the text. */
const distinct = (length: number): string =>
  Array.from({ length }, (_, i) => String.fromCodePoint(0x100 + i)).join("");

const dataset = (length: number, change: Partial<Parameters<typeof textDataset>[0]> = {}) => {
  const text = distinct(length);
  return textDataset({ text, tokenizer: characterTokenizer(text), context: 8, batchSize: 4, ...change });
};

describe("textDataset", () => {
  test("the last tenth is for validation, the rest for training, nothing is in both", () => {
    const { train, validation } = dataset(1000);
    expect([...train]).toEqual(Array.from({ length: 900 }, (_, i) => i));
    expect([...validation]).toEqual(Array.from({ length: 100 }, (_, i) => 900 + i));
    expect(dataset(1000, { validationShare: 0.25 }).validation.length).toBe(250);
  });

  test("a batch is a function of seed and step", () => {
    const [a, b] = [dataset(1000, { seed: 5 }), dataset(1000, { seed: 5 })];
    a.trainBatch(0);
    a.trainBatch(1);
    expect(a.trainBatch(7)).toEqual(b.trainBatch(7)); // whatever was asked for before
    expect(a.trainBatch(7)).not.toEqual(a.trainBatch(8));
    expect(a.trainBatch(7)).not.toEqual(dataset(1000, { seed: 6 }).trainBatch(7));
  });

  test("windows lie inside the training part, targets are one further", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1e6), fc.integer({ min: 100, max: 400 }), (seed, step, length) => {
        const { train, trainBatch } = dataset(length, { seed });
        const { shape, tokens, targets } = trainBatch(step);
        expect(shape).toEqual([4, 8]);
        for (let row = 0; row < 4; row++) {
          const start = tokens[row * 8] ?? NaN;
          for (let t = 0; t < 8; t++) {
            expect(tokens[row * 8 + t]).toBe(start + t);
            expect(targets[row * 8 + t]).toBe(start + t + 1);
          }
          expect(start + 8).toBeLessThan(train.length);
        }
      }),
    );
  });

  test("every start is drawn, about equally often", () => {
    const { train, trainBatch } = dataset(110); // 99 training tokens, 91 starts
    const counts = new Map<number, number>();
    for (let step = 0; step < 2000; step++) {
      const { tokens } = trainBatch(step);
      for (let row = 0; row < 4; row++) {
        const start = tokens[row * 8] ?? NaN;
        counts.set(start, (counts.get(start) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(train.length - 8);
    // chi-square with 90 degrees of freedom: mean 90, standard deviation 13.4; five of them above.
    const mean = 8000 / counts.size;
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
    expect(chiSquare).toBeLessThan(90 + 5 * 13.4);
  });

  test("validation windows are fixed and spread from the first token to the last", () => {
    const { validation, validationBatches } = dataset(1000);
    const batches = validationBatches(3);
    expect(batches).toEqual(validationBatches(3));
    const starts = batches.flatMap(({ tokens }) => [0, 1, 2, 3].map((row) => tokens[row * 8] ?? NaN));
    expect(starts).toHaveLength(12);
    expect(starts[0]).toBe(validation[0]);
    expect(batches[2]?.targets.at(-1)).toBe(validation.at(-1));
    const gaps = starts.slice(1).map((start, i) => start - (starts[i] ?? NaN));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  test("the shortest text that works, and one token less", () => {
    expect(dataset(90, { context: 8 }).trainBatch(0).shape).toEqual([4, 8]); // 9 for validation
    expect(() => dataset(80)).toThrow(
      /the text has 80 tokens, 8 of them for validation, but a context of 8 needs at least 9 .* at most 7/,
    );
    expect(() => dataset(20, { source: "poem.txt", context: 64, validationShare: 0.5 })).toThrow(
      /^poem.txt has 20 tokens, 10 of them for training, .* at least 65 for training: use a longer text or a context of at most 9$/,
    );
    expect(() => dataset(16, { validationShare: 0.5 })).toThrow(/8 of them for training, .* at least 9/);
    expect(dataset(18, { validationShare: 0.5 }).trainBatch(0).tokens.slice(0, 8)).toEqual(
      new Int32Array([0, 1, 2, 3, 4, 5, 6, 7]),
    );
    expect(() => dataset(1, {})).toThrow(/use a longer text$/);
    expect(() => dataset(80)).toThrow(DataError);
  });

  test("other mistakes", () => {
    const tokenizer = characterTokenizer("a");
    expect(() => textDataset({ text: "", tokenizer, context: 1, batchSize: 1 })).toThrow(/the text is empty/);
    expect(() => dataset(100, { context: 0 })).toThrow(/context must be a positive integer; got 0/);
    expect(() => dataset(100, { batchSize: 1.5 })).toThrow(/batchSize must be a positive integer; got 1.5/);
    expect(() => dataset(100, { validationShare: 1 })).toThrow(/validationShare must be between 0 and 1/);
    expect(() => dataset(100, { seed: -1 })).toThrow(/seed must be an integer from 0 to 2\^53 - 1; got -1/);
    expect(() => dataset(100).trainBatch(-1)).toThrow(/step must be 0, 1, 2/);
    expect(() => dataset(100).validationBatches(0)).toThrow(/count must be a positive integer/);
  });

  test("as jax-js arrays", async () => {
    const windows = dataset(1000).trainBatch(3);
    const { tokens, targets } = toTokenBatch(windows);
    expect([tokens.shape, tokens.dtype]).toEqual([[4, 8], "int32"]);
    expect([...tokens.dataSync()]).toEqual([...windows.tokens]);
    expect([...targets.dataSync()]).toEqual([...windows.targets]);
    const work = (): void => {
      const batch = toTokenBatch(windows);
      batch.tokens.dispose();
      batch.targets.dispose();
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

describe("random numbers", () => {
  // Known-answer tests of the authors' Random123 library, threefry2x32 with 20 rounds.
  test.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [-1, -1],
      [-1, -1],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)("threefry with key %o and counter %o", (key, counter, expected) => {
    expect(threefry(key, counter)).toEqual(expected);
  });

  test("every part of the seed, the stream, the step and the index matters", () => {
    const base = counterRandom(1, "batches", 2, 3);
    expect(base).toBe(counterRandom(1, "batches", 2, 3));
    const others = [
      counterRandom(2, "batches", 2, 3),
      counterRandom(1 + 2 ** 32, "batches", 2, 3),
      counterRandom(1, "sampling", 2, 3),
      counterRandom(1, "batches", 3, 3),
      counterRandom(1, "batches", 2, 4),
      counterRandom(1, "batches", 3, 2),
    ];
    expect(new Set([base, ...others]).size).toBe(7);
    for (const x of others) expect(x >= 0 && x < 1).toBe(true);
  });
});
