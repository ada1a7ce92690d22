import { expect, test } from "vitest";

import type { HostTensors } from "../src/engine/hostTensor.ts";
import type { TrainingEngine } from "../src/engine/trainingEngine.ts";
import type { BatchSource } from "../src/prepare/batchSource.ts";
import { averageStatistics, evaluateRun } from "../src/run/evaluateRun.ts";

const batch = (...values: number[]): HostTensors => ({
  images: { dtype: "float32", shape: [values.length, 1], data: Float32Array.from(values) },
});
const values = (tensors: HostTensors, name: string): number[] => Array.from(tensors[name]?.data ?? []);

const batches: BatchSource = {
  tokensPerStep: 2,
  unit: "images",
  train: (step) => batch(step, 10 * step),
  validation: () => [batch(1, 2, 3), batch(7)],
  sha256: "",
};

/** Loss: the mean of the batch less the statistic; accuracy: 1 for the batch of one. */
const engine = {
  statistics: async (given: HostTensors) => ({
    "norm.mean": { dtype: "float32", shape: [2], data: Float32Array.from(values(given, "images")) },
  }),
  evaluate: async (given: HostTensors) => {
    const images = values(given, "images");
    const [shift = 0] = values(given, "statistics:norm.mean");
    const mean = images.reduce((a, b) => a + b, 0) / images.length;
    return { loss: mean - shift, accuracy: images.length === 1 ? 1 : 0 };
  },
} as unknown as TrainingEngine;

test("statistics are means over the first training batches", async () => {
  const found = await averageStatistics(engine, batches, { count: 4 });
  expect(found).toEqual({ "norm.mean": { dtype: "float32", shape: [2], data: new Float32Array([1.5, 15]) } });
});

test("a batch in parts is seen part by part, as training normalises it", async () => {
  const sizes: number[] = [];
  const watched = {
    ...engine,
    statistics: (given: HostTensors) => {
      sizes.push(values(given, "images").length);
      return engine.statistics(given);
    },
  } as TrainingEngine;
  const found = await averageStatistics(watched, batches, { count: 3, parts: 2 });
  expect(sizes).toEqual([1, 1, 1, 1, 1, 1]);
  expect(found["norm.mean"]?.data[0]).toBeCloseTo((0 + 0 + 1 + 10 + 2 + 20) / 6, 6);
});

test("every example has the same weight, and the statistics reach the engine", async () => {
  const statistics = await averageStatistics(engine, batches, { count: 4 });
  expect(await evaluateRun(engine, batches, statistics)).toEqual({ loss: 13 / 4 - 1.5, accuracy: 1 / 4 });
  expect((await evaluateRun(engine, batches, {})).loss).toBe(13 / 4);
});

test("a model without statistics or classes has none", async () => {
  const plain = {
    statistics: async () => ({}),
    evaluate: async () => ({ loss: 2 }),
  } as unknown as TrainingEngine;
  expect(await averageStatistics(plain, batches)).toEqual({});
  expect(await evaluateRun(plain, { ...batches, validation: () => [{}] }, {})).toEqual({ loss: 2 });
});
