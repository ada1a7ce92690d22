import { grad, jit, numpy as np, random } from "@jax-js/jax";
import { expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { activationScales, activations, tanhGelu } from "../src/layers/activation.ts";
import { causalAttention } from "../src/layers/causalAttention.ts";
import { crossEntropy } from "../src/layers/crossEntropy.ts";
import { layerNorm } from "../src/layers/layerNorm.ts";
import { rmsNorm } from "../src/layers/rmsNorm.ts";
import { rotary } from "../src/layers/rotary.ts";

const floats = (...values: number[]): np.Array => np.array(new Float32Array(values));

/** The same vector at every position: [1, 1, time, headDim]. */
const everywhere = (seed: number, time: number, headDim: number): np.Array =>
  np.tile(random.normal(random.key(seed), [1, 1, 1, headDim]), [1, 1, time, 1]);

test("rotary: the product of a query and a key depends on their distance only", () => {
  const [time, headDim] = [12, 6];
  const query = rotary(everywhere(1, time, headDim), 100).js() as number[][][][];
  const key = rotary(everywhere(2, time, headDim), 100).js() as number[][][][];
  const product = (t: number, s: number): number =>
    (query[0]?.[0]?.[t] ?? []).reduce((sum, x, i) => sum + x * (key[0]?.[0]?.[s]?.[i] ?? NaN), 0);
  for (const distance of [0, 1, 5]) {
    for (let s = 1; s + distance < time; s++) {
      // float32 rounding of 6 terms of size 1.
      expect(Math.abs(product(s + distance, s) - product(distance, 0))).toBeLessThan(1e-5);
    }
  }
  expect(Math.abs(product(1, 0) - product(5, 0))).toBeGreaterThan(0.01);
});

test("rotary: position 0 is left alone, position 1 of a pair turns by 1 radian", () => {
  const [first, second] = (rotary(np.ones([1, 1, 2, 2])).js() as number[][][][])[0]?.[0] ?? [];
  expect(first).toEqual([1, 1]);
  expect(second?.[0]).toBeCloseTo(Math.cos(1) - Math.sin(1), 6);
  expect(second?.[1]).toBeCloseTo(Math.cos(1) + Math.sin(1), 6);
});

test("rmsNorm: mean square 1, any positive scale ignored, zero stays zero with a finite gradient", () => {
  const y = rmsNorm(floats(3000, 4000)).js() as number[];
  expect(y[0]).toBeCloseTo(3 / Math.sqrt(12.5), 5);
  expect(y[1]).toBeCloseTo(4 / Math.sqrt(12.5), 5);
  expect(rmsNorm(np.zeros([4])).js()).toEqual([0, 0, 0, 0]);
  const slope = grad((x: np.Array) => np.sum(rmsNorm(x)))(np.zeros([2])).js() as number[];
  for (const s of slope) expect(Math.abs(s / 1000 - 1)).toBeLessThan(1e-5); // 1 / sqrt(1e-6)
});

test("cross-entropy is safe for huge logits, its gradient too", () => {
  const logits = () => floats(3e4, -3e4, 0).reshape([1, 3]);
  const target = (id: number) => np.array([id], { dtype: np.int32 });
  expect(crossEntropy(logits(), target(0)).item()).toBe(0);
  expect(crossEntropy(logits(), target(1)).item()).toBe(6e4);
  const slope = grad((x: np.Array) => crossEntropy(x, target(2)))(logits()).js();
  expect(slope).toEqual([[1, 0, -1]]);
});

test("attention weighs what it sees equally when all keys are equal", () => {
  const value = floats(1, 2, 6).reshape([1, 1, 3, 1]);
  const same = () => np.ones([1, 1, 3, 1]);
  const means = (causalAttention(same(), same(), value).js() as number[][][][]).flat(3);
  [1, 1.5, 3].forEach((mean, i) => {
    expect(means[i]).toBeCloseTo(mean, 6);
  });
});

test("attention does not overflow on large scores", () => {
  const large = () => floats(300, -300).reshape([1, 1, 2, 1]);
  expect((causalAttention(large(), large(), large()).js() as number[][][][]).flat(3)).toEqual([300, -300]);
});

const points = [-200, -90, -3, -0.5, 0, 0.5, 3, 90, 200];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const slopes = {
  relu2: (x: number) => 2 * Math.max(x, 0),
  swiglu: (x: number) => sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
};

test.each(["relu2", "swiglu"] as const)("%s: value and slope, also far from zero", (name) => {
  const f = activations[name];
  const values = f(floats(...points)).js() as number[];
  const found = grad((x: np.Array) => np.sum(f(x)))(floats(...points)).js() as number[];
  points.forEach((x, i) => {
    const value = name === "relu2" ? Math.max(x, 0) ** 2 : x * sigmoid(x);
    // float32, and the engine's exp is good to 1e-6 relative.
    expect(Math.abs((values[i] ?? NaN) - value)).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(value)));
    const slope = slopes[name](x);
    expect(Math.abs((found[i] ?? NaN) - slope)).toBeLessThanOrEqual(2e-6 * Math.max(1, slope));
  });
});

test("gelu is the exact one: x Φ(x)", () => {
  const [at1, at2, far] = activations.gelu(floats(1, -2, -30)).js() as number[];
  expect(at1).toBeCloseTo(0.8413447, 6); // the tanh approximation gives 0.8411920
  expect(at2).toBeCloseTo(-0.0455003, 6);
  expect(Math.abs(far ?? NaN)).toBe(0);
});

test("tanhGelu is GPT-2's, with a finite slope far from zero", () => {
  // 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))) in float64; at 1 the exact gelu is 0.8413447.
  const expected = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  const values = tanhGelu(floats(...points)).js() as number[];
  points.forEach((x, i) => {
    expect(Math.abs((values[i] ?? NaN) - expected(x))).toBeLessThanOrEqual(2e-6 * Math.max(1, x));
  });
  expect(expected(1)).toBeCloseTo(0.841192, 6);
  const slopes = grad((x: np.Array) => np.sum(tanhGelu(x)))(floats(-1e4, -200, 200, 1e4)).js();
  // Where the exponent is clipped, σ is e⁻⁸⁰ = 2e-35.
  [0, 0, 1, 1].forEach((slope, i) => {
    expect(Math.abs(((slopes as number[])[i] ?? NaN) - slope)).toBeLessThan(1e-34);
  });
});

test("layerNorm: mean 0 and variance 1 before gain and bias, a constant row is the bias", () => {
  const y = layerNorm(floats(1, 2, 3, 6).reshape([1, 4]), floats(1, 1, 2, 1), floats(0, 10, 0, 0)).js();
  // mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5
  const scaled = [-2, -1, 0, 3].map((x) => x / Math.sqrt(3.5 + 1e-5));
  const [row] = y as number[][];
  [scaled[0], 10 + (scaled[1] ?? NaN), 0, scaled[3]].forEach((x, i) => {
    expect(row?.[i]).toBeCloseTo(x ?? NaN, 5);
  });
  const constant = layerNorm(np.ones([1, 4]).mul(7), np.ones([4]), floats(1, 2, 3, 4));
  expect(constant.js()).toEqual([[1, 2, 3, 4]]);
});

test("activation scales: mean squares on N(0, 1) are those their source and ours name", () => {
  const n = 4001;
  const xs = Array.from({ length: n }, (_, i) => -10 + (20 * i) / (n - 1));
  const meanSquare = (f: (x: number) => number): number =>
    xs.reduce((sum, x) => sum + (f(x) ** 2 * Math.exp((-x * x) / 2) * 20) / (n - 1), 0) /
    Math.sqrt(2 * Math.PI);
  expect(meanSquare((x) => activationScales.swiglu * x * sigmoid(x))).toBeCloseTo(1, 5);
  expect(meanSquare((x) => activationScales.relu2 * Math.max(x, 0) ** 2)).toBeCloseTo(6, 5);
  expect(meanSquare((x) => activationScales.relu * Math.max(x, 0))).toBeCloseTo(1, 5);
  // (√2 relu(x))² = 2 relu(x)²
  expect(activationScales).toMatchObject({ relu: Math.SQRT2, relu2: 2, gelu: Math.SQRT2 });
});

test("nothing leaks", async () => {
  const x = () => everywhere(1, 4, 6);
  const compiled = jit(grad((y: np.Array) => np.sum(causalAttention(rotary(y.ref), y.ref, rmsNorm(y)))));
  const work = (): void => {
    causalAttention(rotary(x()), x(), x()).dispose();
    for (const f of Object.values(activations)) f(x()).dispose();
    rmsNorm(x(), np.ones([6])).dispose();
    layerNorm(x(), np.ones([6]), np.ones([6])).dispose();
    tanhGelu(x()).dispose();
    crossEntropy(np.ones([2, 3]), np.array([0, 2], { dtype: np.int32 })).dispose();
    (compiled(x()) as np.Array).dispose();
  };
  expect(await leakedBuffers(work)).toBe(0);
  compiled.dispose();
});
