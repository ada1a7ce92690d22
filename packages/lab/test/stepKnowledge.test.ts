import { createModel, gpt } from "@steepest/models";
import { createOptimizer } from "steepest";
import { expect, test } from "vitest";

import { engines } from "../src/engine/engines.ts";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import { stepKnowledge } from "../src/engine/stepKnowledge.ts";

const model = gpt({ vocabSize: 11, context: 6, width: 8, depth: 1, heads: 2 });
const ids = (seed: number): Int32Array =>
  Int32Array.from({ length: 12 }, (_, i) => (i * i + seed * i + 3) % 11);
const batch: HostTensors = {
  tokens: { dtype: "int32", shape: [2, 6], data: ids(1) },
  targets: { dtype: "int32", shape: [2, 6], data: ids(2) },
};
const tinyImages = createModel("logistic", { imageShape: [1, 2, 3], classes: 3 });
const images: HostTensors = {
  images: {
    dtype: "float32",
    shape: [4, 1, 2, 3],
    data: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * i)),
  },
  labels: { dtype: "int32", shape: [4], data: Int32Array.of(0, 1, 2, 1) },
};

// kfac at every step, sophia_g for drawn labels at the first, ngd for every example by itself.
test.each([
  ["kfac", model, batch, { inverseEvery: 2 }],
  ["sophia_g", model, batch, { measureEvery: 2, learningRate: 1e-2 }],
  ["ngd", tinyImages, images, {}],
] as const)(
  "%s trains on both engines, alike, and the loss goes down",
  async (name, of, examples, options) => {
    const runs = await Promise.all(
      (["onnx", "jax"] as const).map(async (engineName) => {
        const optimizer = createOptimizer(name, { ...options, roles: of.roles() } as Record<string, unknown>);
        const engine = await engines[engineName]({ model: of, optimizer, seed: 2, threads: 1 });
        const losses: number[] = [];
        for (let step = 0; step < 4; step++) losses.push((await engine.step(examples, step)).loss);
        const { params } = await engine.snapshot();
        engine.dispose();
        return { losses, numbers: Object.values(params).flatMap(({ data }) => [...data]) };
      }),
    );
    const [onnx, jax] = runs;
    if (onnx === undefined || jax === undefined) return expect.unreachable();
    expect(onnx.losses.at(-1)).toBeLessThan(onnx.losses[0] ?? 0);
    // float32 with the inverse of a damped, nearly singular matrix in between: four digits after four steps.
    for (const [i, loss] of jax.losses.entries())
      expect(Math.abs((onnx.losses[i] ?? 0) - loss)).toBeLessThan(2e-4);
    const worst = jax.numbers.map((value, i) => Math.abs(value - (onnx.numbers[i] ?? Number.NaN)));
    expect(Math.max(...worst)).toBeLessThan(2e-4);
  },
);

// What jax-js sums in steps of eight.
test("labels are drawn for a vocabulary divisible by 8, on both engines alike", async () => {
  const eight = gpt({ vocabSize: 8, context: 6, width: 8, depth: 1, heads: 2 });
  const within = (data: Int32Array) => data.map((id) => id % 8);
  const examples: HostTensors = {
    tokens: { dtype: "int32", shape: [2, 6], data: within(ids(1)) },
    targets: { dtype: "int32", shape: [2, 6], data: within(ids(2)) },
  };
  const weights = await Promise.all(
    (["onnx", "jax"] as const).map(async (engineName) => {
      const optimizer = createOptimizer("sophia_g", { learningRate: 1e-2, roles: eight.roles() });
      const engine = await engines[engineName]({ model: eight, optimizer, seed: 2, threads: 1 });
      await engine.step(examples, 0);
      const { params } = await engine.snapshot();
      engine.dispose();
      return Object.values(params).flatMap(({ data }) => [...data]);
    }),
  );
  const [onnx, jax] = weights;
  const worst = (jax ?? []).map((value, i) => Math.abs(value - (onnx?.[i] ?? Number.NaN)));
  expect(Math.max(...worst)).toBeLessThan(2e-4); // as above
});

test("a problem without examples cannot feed a method that looks at them", () => {
  const problem = createModel("rosenbrock", {});
  const job = { model: problem, optimizer: createOptimizer("sophia_g"), seed: 0, threads: 1 };
  expect(() => stepKnowledge(job)).toThrow("needs more than the gradient of landscape");
});
