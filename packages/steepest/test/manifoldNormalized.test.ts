import { numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

import { type ManifoldNormalizedOptions, manifoldNormalized } from "../src/transforms/manifoldNormalized.ts";
import { arrayOf, entries } from "./matrixSamples.ts";

const gaussian = (m: number, n: number, seed: number): np.Array => arrayOf({ kind: "gaussian", m, n, seed });

function update(g: np.Array, w: np.Array, options: ManifoldNormalizedOptions): np.Array {
  const [moved] = manifoldNormalized(options).update({ g }, {}, { g: w });
  return (moved as { g: np.Array }).g;
}

/** The formula as it is written, one column after the other in float64. */
function byHand(g: number[], w: number[], rows: number, options: ManifoldNormalizedOptions): number[] {
  const { point = "normalized", eps = 1e-8, scale = 0.2, weightDecay = 0 } = options;
  const columns = g.length / rows;
  const out = g.slice();
  for (let j = 0; j < columns; j++) {
    const at = Array.from({ length: rows }, (_, i) => i * columns + j);
    const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
    const [gj, wj] = [g, w].map((x) => at.map((i) => x[i] ?? 0)) as [number[], number[]];
    const length = Math.sqrt(dot(wj, wj));
    const unit = wj.map((x) => (point === "raw" ? x : x / Math.max(length, eps)));
    const v = gj.map((x, i) => x - (unit[i] ?? 0) * dot(gj, unit));
    const size = Math.sqrt(dot(v, v));
    const divisor = point === "raw" ? size + eps : Math.max(size, eps);
    for (const [i, index] of at.entries())
      out[index] = (scale * Math.sqrt(rows) * (v[i] ?? 0)) / divisor + weightDecay * (wj[i] ?? 0);
  }
  return out;
}

describe.each(["normalized", "raw"] as const)("point %s", (point) => {
  test("is the formula, without forming v", () => {
    const options = { point, axis: 0, weightDecay: 0.3 } as const;
    const [g, w] = [gaussian(7, 5, 1), gaussian(7, 5, 2).mul(0.4)];
    const expected = byHand(entries(g.ref), entries(w.ref), 7, options);
    const found = entries(update(g, w, options));
    // |v|² is a difference of sums, float32: 1e-6 relative where the vectors are not parallel.
    for (const [i, value] of found.entries()) expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThan(3e-6);
  });

  test("weights of zero or nearly so do no harm", () => {
    for (const size of [0, 1e-12]) {
      const options = { point, axis: 0 } as const;
      const [g, w] = [gaussian(4, 3, 1), gaussian(4, 3, 2).mul(size)];
      const expected = byHand(entries(g.ref), entries(w.ref), 4, options);
      const found = entries(update(g, w, options));
      for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i] ?? 0, 5);
    }
  });

  test("a zero gradient gives zero, and the decay alone", () => {
    const w = gaussian(4, 3, 2);
    expect(entries(update(np.zeros([4, 3]), w.ref, { point, axis: 1 })).every((x) => x === 0)).toBe(true);
    const decayed = entries(update(np.zeros([4, 3]), w.ref, { point, axis: 1, weightDecay: 0.5 }));
    for (const [i, value] of entries(w).entries()) expect(decayed[i]).toBeCloseTo(0.5 * value, 6);
  });
});

test("a vector parallel to its weight gives about zero, at any size and 1-tall", () => {
  for (const [rows, factor] of [
    [64, 3],
    [64, -1e-4],
    [1, 1],
  ] as const) {
    const w = gaussian(rows, 5, 3);
    const step = entries(update(w.ref.mul(factor), w, { axis: 0 }));
    // Rounding, 1e-7 of |g|, over the least share of |g|, 0.003; a whole step has entries of 0.2.
    for (const value of step) expect(Math.abs(value)).toBeLessThan(2e-4);
  }
});

test("nothing leaks", async () => {
  expect(await leakedBuffers(() => update(gaussian(4, 3, 1), gaussian(4, 3, 2), { axis: 0 }).js())).toBe(0);
  expect(
    await leakedBuffers(() => update(gaussian(4, 3, 1), gaussian(4, 3, 2), { axis: 1, point: "raw" }).js()),
  ).toBe(0);
});
