import { jit, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

test("a forgotten array is counted", async () => {
  const kept: np.Array[] = [];
  const leaked = await leakedBuffers(() => {
    const x = np.array(new Float32Array([1, 2, 3]));
    const y = x.ref.add(1);
    y.js();
    kept.push(x);
  });
  expect(leaked).toBe(1);
  for (const x of kept) x.dispose();
});

test("clean code leaks nothing, jit included", async () => {
  const f = jit((x: np.Array) => np.sum(np.exp(x).mul(2)));
  expect(await leakedBuffers(() => f(np.array(new Float32Array([1, 2, 3]))).js())).toBe(0);
});
