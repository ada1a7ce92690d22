import { grad, jit, numpy as np, random } from "@jax-js/jax";
import { namedLeaves, refTree } from "steepest";
import { expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

import { captureLayers, gpt, mlp } from "../src/index.ts";

const model = gpt({ vocabSize: 7, context: 4, width: 4, depth: 2, heads: 1, activation: "swiglu" });
const hidden = model.parameters.filter(({ role }) => role === "hidden").map(({ path }) => path);
const ids = (shift: number): np.Array =>
  np.array(
    Int32Array.from({ length: 8 }, (_, i) => (i * i + shift) % 7),
    { shape: [2, 4], dtype: np.int32 },
  );
type Params = ReturnType<typeof model.init>;
type Batch = { tokens: np.Array; targets: np.Array };
const batchOf = (): Batch => ({ tokens: ids(1), targets: ids(3) });

// Compiled, as a step is: outside `jit`, jax-js keeps constants of a differentiated function.
const capture = jit((params: Params, batch: Batch) => {
  const layers = Object.entries(captureLayers(model.loss, params, batch, hidden));
  return Object.fromEntries(layers.map(([path, { ...seen }]) => [path, seen]));
});
const slopesOf = jit((params: Params, batch: Batch) => grad((p: Params) => model.loss(p, batch))(params));

test("output gradients times inputs are the gradient of the weight, for every hidden weight", async () => {
  const leaked = await leakedBuffers(() => {
    const params = model.init(random.key(3));
    const layers = capture(refTree(params), batchOf());
    const slopes = new Map(namedLeaves(slopesOf(params, batchOf())));
    expect(Object.keys(layers)).toEqual(hidden);
    for (const [path, { inputs, outputGradients }] of Object.entries(layers)) {
      expect(inputs.shape[0]).toBe(8);
      const product = np.matmul(np.matrixTranspose(outputGradients), inputs);
      const [a, b] = [product.dataSync(), slopes.get(path)?.ref.dataSync() ?? []];
      expect(Math.max(...Array.from(b, Math.abs))).toBeGreaterThan(1e-6);
      // float32 sums of 8 terms.
      for (const [i, value] of a.entries()) expect(Math.abs(value - (b[i] ?? Number.NaN))).toBeLessThan(1e-6);
    }
    for (const slope of slopes.values()) slope.dispose();
  });
  expect(leaked).toBe(0);
});

test("a weight that is in no linear layer is named, and nothing leaks", async () => {
  const net = mlp({ imageShape: [1, 2, 2], classes: 2, widths: [3] });
  const leaked = await leakedBuffers(() => {
    const params = net.init(random.key(0));
    const batch = { images: np.ones([2, 1, 2, 2]), labels: np.zeros([2], { dtype: np.int32 }) };
    const [bias] = net.parameters.filter(({ role }) => role === "bias");
    expect(() => captureLayers(net.loss, params, batch, [bias?.path ?? ""])).toThrow(
      `"${bias?.path}" is the weight of no linear layer`,
    );
  });
  expect(leaked).toBe(0);
});
