import { random } from "@jax-js/jax";
import { gpt, gpt2, type LanguageModel, llama, qwen3 } from "@steepest/models";
import { createOptimizer } from "steepest";
import { expect, test } from "vitest";

import { engines } from "../src/engine/engines.ts";
import type { HostTensors } from "../src/engine/hostTensor.ts";

const sizes = { vocabSize: 11, context: 6, width: 8, depth: 2, heads: 4 };
const models: LanguageModel[] = [
  gpt(sizes),
  gpt({ ...sizes, activation: "gelu", activationScale: true, tiedHead: true, normGain: true }),
  gpt2(sizes),
  llama(sizes),
  qwen3({ ...sizes, kvHeads: 2, headDim: 6 }),
  qwen3({ ...sizes, kvHeads: 1, headDim: 2, tiedHead: false, activationScale: true }),
];
/** Weights so large that every parameter has a slope worth comparing. */
const lively = (model: LanguageModel): LanguageModel => ({
  ...model,
  init: (key) => model.init(key, { initialize: (own, { shape }) => random.normal(own, [...shape]).mul(0.5) }),
});
const cases = models.map((model) => ({
  model: lively(model),
  title: `${model.name} ${JSON.stringify(model.config)}`,
}));

/** Two sequences with repeated tokens, so that a row of the embedding gets several gradients. */
const batch: HostTensors = {
  tokens: { dtype: "int32", shape: [2, 6], data: Int32Array.of(1, 4, 4, 0, 10, 2, 3, 3, 5, 9, 4, 1) },
  targets: { dtype: "int32", shape: [2, 6], data: Int32Array.of(4, 4, 0, 10, 2, 7, 3, 5, 9, 4, 1, 0) },
};

// Gradient descent: the difference of the parameters is the gradient itself.
test.each(cases)("a step as a native graph is the step of jax-js: $title", async ({ model }) => {
  const optimizer = createOptimizer("sgd", { learningRate: 1, momentum: 0, roles: model.roles() });
  const [onnx, jax] = await Promise.all(
    (["onnx", "jax"] as const).map(async (name) => {
      const engine = await engines[name]({ model, optimizer, seed: 4, threads: 1 });
      try {
        const before = (await engine.snapshot()).params;
        const { loss, gradNorm } = await engine.step(batch, 0);
        return { before, loss, gradNorm, after: (await engine.snapshot()).params };
      } finally {
        engine.dispose();
      }
    }),
  );
  if (onnx === undefined || jax === undefined) throw new Error("unreachable");
  expect(onnx.before).toEqual(jax.before);
  // float32: sums of at most 64 terms in another order, and exp good to 1e-6 in jax-js.
  expect(Math.abs(onnx.loss - jax.loss)).toBeLessThan(3e-6);
  expect(jax.gradNorm).toBeGreaterThan(0.1);
  for (const [path, { data }] of Object.entries(jax.after)) {
    const native = onnx.after[path]?.data ?? [];
    const worst = Array.from(data, (x, i) => Math.abs(x - (native[i] ?? Number.NaN)));
    expect(Math.max(...worst), path).toBeLessThan(3e-6);
    const moved = Array.from(data, (x, i) => Math.abs(x - (jax.before[path]?.data[i] ?? Number.NaN)));
    // A bias on every key adds the same to all scores of a query, so its slope is 0.
    if (!path.endsWith("keyBias")) expect(Math.max(...moved), path).toBeGreaterThan(1e-4);
  }
});
