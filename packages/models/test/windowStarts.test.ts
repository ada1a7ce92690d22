import { tokenDataset, tokensInMemory } from "@steepest/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { windowStarts, windowsPerEpoch } from "../src/data/tokens/windowStarts.ts";
import { permutedIndex } from "../src/random/permutedIndex.ts";
import { counting } from "./dataFiles.ts";

const order = (seed: number, epoch: number, count: number): number[] =>
  counting(count).map((i) => permutedIndex(seed, epoch, count, i));

describe("permutedIndex", () => {
  test("is a permutation for any count, seed and epoch", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.maxSafeNat(),
        fc.nat(2 ** 32),
        (count, seed, epoch) => {
          expect(order(seed, epoch, count).sort((a, b) => a - b)).toEqual(counting(count));
        },
      ),
    );
  });

  test("every place is equally likely for every index, and neighbours part", () => {
    // 2000 epochs of 10: each of the 100 cells is Binomial(2000, 0.1), 200 ± 13.4; 6 standard deviations of slack.
    const [cells, epochs] = [new Float64Array(100), 2000];
    let together = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const places = order(7, epoch, 10);
      places.forEach((place, i) => {
        cells[10 * i + place] = (cells[10 * i + place] ?? 0) + 1;
      });
      together += places.filter((place, i) => i > 0 && place === (places[i - 1] ?? 0) + 1).length;
    }
    for (const cell of cells) expect(Math.abs(cell - 200)).toBeLessThan(81);
    // 9 pairs, each a successor with probability 1/10: 0.9 an epoch; six standard deviations are 0.13.
    expect(Math.abs(together / epochs - 0.9)).toBeLessThan(0.13);
  });

  test("billions of windows take no memory and no two the same place", () => {
    const count = 10 ** 12 + 39;
    const places = Array.from({ length: 2000 }, (_, i) => permutedIndex(1, 0, count, i));
    expect(new Set(places).size).toBe(2000);
    expect(places.every((place) => Number.isSafeInteger(place) && place >= 0 && place < count)).toBe(true);
    const mean = places.reduce((sum, place) => sum + place / count / 2000, 0);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.04); // 6 / √(12 · 2000)
  });
});

describe("order epochs", () => {
  test("an epoch visits each window once, and the next in another order from another place", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 200 }),
        fc.nat(1000),
        (context, batchSize, more, seed) => {
          const length = context + more;
          const count = windowsPerEpoch({ length, context });
          const batch = windowStarts.epochs({ length, context, batchSize, seed });
          const steps = Math.ceil((2 * count) / batchSize);
          const all = counting(steps).flatMap(batch);
          for (const epoch of [0, 1]) {
            const starts = all.slice(epoch * count, (epoch + 1) * count).sort((a, b) => a - b);
            const [first = -1] = starts;
            expect(starts).toEqual(starts.map((_, i) => first + i * context));
            expect(first).toBeGreaterThanOrEqual(0);
            expect((starts.at(-1) ?? 0) + context + 1).toBeLessThanOrEqual(length);
            expect(length - count * context).toBeLessThanOrEqual(2 * context); // left out at the ends
          }
        },
      ),
    );
    const batch = windowStarts.epochs({ length: 1000, context: 10, batchSize: 99, seed: 3 });
    expect(batch(0)).not.toEqual(batch(1));
    const offsets = new Set(counting(200).map((epoch) => (batch(epoch)[0] ?? 0) % 10));
    expect(offsets.size).toBe(10);
  });

  test("batches are a function of seed and step, and of the order", async () => {
    const tokens = tokensInMemory(Int32Array.from(counting(200)));
    const sizes = { train: tokens, validation: tokens, context: 8, batchSize: 5 };
    const epochs = tokenDataset({ ...sizes, order: "epochs" });
    const later = epochs.trainBatch(17);
    epochs.trainBatch(3);
    expect(tokenDataset({ ...sizes, order: "epochs" }).trainBatch(17)).toEqual(later);
    expect(await epochs.trainBatchLater(17)).toEqual(later);
    expect(tokenDataset({ ...sizes, order: "epochs", seed: 1 }).trainBatch(17)).not.toEqual(later);
    const random = tokenDataset({ ...sizes, order: "random" });
    expect(random.trainBatch(17)).toEqual(tokenDataset(sizes).trainBatch(17)); // the default
    expect(random.trainBatch(17)).not.toEqual(later);

    // 24 windows of 8 in 200 tokens: after 24 rows each target has been seen once.
    const seen = counting(5).flatMap((step) => [...epochs.trainBatch(step).targets]);
    expect(new Set(seen.slice(0, 24 * 8)).size).toBe(24 * 8);
  });
});
