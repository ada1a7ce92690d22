import { createModel } from "@steepest/models";
import { createOptimizer } from "steepest";
import { describe, expect, test } from "vitest";

import { withStatistics } from "../src/engine/batchFunctions.ts";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import { startJaxEngine } from "../src/engine/jax/jaxEngine.ts";
import { startOnnxEngine } from "../src/engine/onnx/onnxEngine.ts";

const imageShape = [1, 8, 8];
const facts = { imageShape, classes: 3 };
const batchOf = (count: number, seed: number): HostTensors => ({
  images: {
    dtype: "float32",
    shape: [count, ...imageShape],
    data: Float32Array.from({ length: count * 64 }, (_, i) => Math.sin(i * i * 0.37 + i + seed)),
  },
  labels: {
    dtype: "int32",
    shape: [count],
    data: Int32Array.from({ length: count }, (_, i) => (i * 5 + seed) % 3),
  },
});
const whitening = Array.from({ length: 16 }, (_, i) => Math.cos(i * i));

const images: [string, Record<string, unknown>][] = [
  ["logistic", {}],
  ["logistic", { positive: [1], l2: 0.1 }],
  ["mlp", { widths: [9] }],
  ["cnn", { widths: [6, 8], whitening }],
  ["cnn", { widths: [10], normGain: true }],
  ["vit-micro", { width: 12, depth: 2, heads: 3 }],
  ["vit-micro", { width: 8, depth: 1, heads: 2, pooling: "mean", bias: false }],
];
const problems: [string, Record<string, unknown>][] = [
  ["least-squares", { rows: 4, columns: 3 }],
  ["quadratic", { rows: 5, columns: 2 }],
  ["rosenbrock", { dimensions: 3 }],
  ["himmelblau", {}],
  ["beale", {}],
];

const largestDifference = (a: HostTensors, b: HostTensors): number => {
  expect(Object.keys(a)).toEqual(Object.keys(b));
  return Math.max(
    0,
    ...Object.entries(a).map(([path, { data }]) =>
      Math.max(...Array.from(data, (x, i) => Math.abs(x - (b[path]?.data[i] ?? Number.NaN)))),
    ),
  );
};

// SGD: its step is the gradient itself, and no division makes much of little. float32 sums of at most 800 terms; jax-js's
// log has an absolute error of 1.2e-5, which only losses get.
const ROUNDING = 5e-6;
const LOG_ERROR = 2e-5;

describe.each([...images, ...problems])(
  "%s %o: a step on ONNX Runtime is the step of jax-js",
  (name, settings) => {
    test("loss, gradient norm, parameters, evaluation and statistics", async () => {
      const isImage = images.some(([one]) => one === name);
      const model = createModel(name, { ...(isImage && facts), ...settings });
      const optimizer = createOptimizer("sgd", { learningRate: isImage ? 0.05 : 1e-3 });
      const job = {
        model,
        optimizer,
        seed: 3,
        threads: 1,
        testTime: "flip",
        example: isImage ? batchOf(4, 0) : {},
      } as const;
      const [onnx, jax] = [await startOnnxEngine(job), await startJaxEngine(job)];
      // Before the first step, and with another batch size than that of a step.
      const scored = isImage ? batchOf(3, 5) : {};
      const evaluations: { loss: number; accuracy?: number }[] = [];
      for (const engine of [onnx, jax]) evaluations.push(await engine.evaluate(scored));
      for (let step = 0; step < 2; step++) {
        const batch = isImage ? batchOf(4, step) : {};
        const [a, b] = [await onnx.step(batch, step), await jax.step(batch, step)];
        expect(Math.abs(a.loss - b.loss) / Math.max(1, Math.abs(b.loss))).toBeLessThan(LOG_ERROR);
        expect(Math.abs(a.gradNorm / b.gradNorm - 1)).toBeLessThan(ROUNDING);
      }
      const [left, right] = [(await onnx.snapshot()).params, (await jax.snapshot()).params];
      expect(largestDifference(left, right)).toBeLessThan(ROUNDING);
      const statistics: HostTensors[] = [];
      for (const engine of [onnx, jax]) {
        const found = await engine.statistics(isImage ? batchOf(4, 1) : {});
        statistics.push(found);
        evaluations.push(await engine.evaluate(withStatistics(scored, found)));
      }
      expect(largestDifference(statistics[0] ?? {}, statistics[1] ?? {})).toBeLessThan(10 * ROUNDING); // variances are of size 10
      expect(Object.keys(statistics[0] ?? {}).length > 0).toBe(name === "cnn");
      const [before, beforeJax, after, afterJax] = evaluations;
      expect(
        Math.abs((before?.loss ?? NaN) - (beforeJax?.loss ?? NaN)) / Math.max(1, before?.loss ?? 1),
      ).toBeLessThan(LOG_ERROR);
      expect(
        Math.abs((after?.loss ?? NaN) - (afterJax?.loss ?? NaN)) / Math.max(1, after?.loss ?? 1),
      ).toBeLessThan(LOG_ERROR);
      expect(before?.accuracy).toEqual(beforeJax?.accuracy);
      expect(after?.loss).not.toBe(before?.loss);
      expect(before?.accuracy !== undefined).toBe(isImage);
      onnx.dispose();
      jax.dispose();
    });
  },
);
