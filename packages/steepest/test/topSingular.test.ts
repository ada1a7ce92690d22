import { jit, numpy as np, random } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  lanczos,
  polar,
  powerIteration,
  randomizedSvd,
  type SingularTriple,
  singularValues,
  startVector,
  topEigenvector,
  truncatedSvd,
} from "../src/matrix/index.ts";
import { arrayOf, entries, maxDifference, type Sample, samples } from "./matrixSamples.ts";
import { reflection, withSpectrum } from "./support/spectrum.ts";
import { array } from "./support/trees.ts";

const falling = (count: number, exponent: number): number[] =>
  Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);

const methods: [string, (x: np.Array, steps: number) => SingularTriple][] = [
  ["powerIteration", (x, steps) => powerIteration(x, { steps })],
  ["lanczos", (x, steps) => lanczos(x, { steps })],
];

describe.each(methods)("%s", (_, top) => {
  test("σ = uᵀxv ≤ σ₁ with unit u and v; zero for zero", () => {
    const property = fc.property(samples(), (s: Sample) => {
      const { sigma, u, v } = top(arrayOf(s), 3);
      const value = sigma.item();
      const bound = Math.max(...entries(singularValues(arrayOf(s))));
      expect(value).toBeLessThanOrEqual(bound * (1 + 1e-6));
      const product = np
        .sum(np.matmul(arrayOf(s), v.ref.reshape([s.n, 1])).mul(u.ref.reshape([s.m, 1])))
        .item();
      expect(Math.abs(product - value)).toBeLessThanOrEqual(2e-6 * bound);
      const lengths = [u, v].map((x) => np.sqrt(np.sum(np.square(x))).item());
      for (const length of lengths) {
        if (s.kind === "zero") expect(length).toBe(0);
        else expect(Math.abs(length - 1)).toBeLessThan(2e-6);
      }
    });
    fc.assert(property, { numRuns: 30, seed: 5 });
  });

  test("σ grows with the number of steps", () => {
    const sizes = [1, 2, 3, 5, 8].map((steps) =>
      top(withSpectrum(12, 20, falling(12, 0.5)), steps).sigma.item(),
    );
    for (const [i, size] of sizes.entries()) expect(size).toBeGreaterThanOrEqual((sizes[i - 1] ?? 0) - 1e-6);
    expect(sizes.at(-1)).toBeGreaterThan(0.98);
  });

  test("a matrix of rank one is exact in one step, at any scale", () => {
    for (const scale of [1e-30, 1, 1e15]) {
      const x = (): np.Array => withSpectrum(6, 9, [2, 0, 0, 0, 0, 0]).mul(scale);
      const { sigma, u, v } = top(x(), 1);
      expect(sigma.item() / scale).toBeCloseTo(2, 5);
      const step = np.matmul(u.reshape([6, 1]), v.reshape([1, 9]));
      // The null directions of the sample itself are only zero to rounding.
      expect(maxDifference(step, polar(x(), { method: "svd", nullBelow: 1e-3 }))).toBeLessThan(5e-6);
    }
  });

  test("a matrix whose rows sum to zero, as behind a layer norm", () => {
    const x = (): np.Array => {
      const g = arrayOf({ kind: "gaussian", m: 6, n: 8, seed: 3 });
      return g.ref.sub(np.mean(g, 1, { keepdims: true }));
    };
    const expected = Math.max(...entries(singularValues(x())));
    expect(top(x(), 8).sigma.item()).toBeGreaterThan(0.98 * expected);
    // Exactly: not even rounding is left for a start at ones.
    const exact = top(np.array([1, -1, 2, -2]).reshape([2, 2]), 1);
    expect(exact.sigma.item()).toBeCloseTo(Math.sqrt(10), 5);
    expect(entries(exact.u)[1]).toBeCloseTo(2 * (entries(exact.v)[0] ?? 0) * Math.sqrt(2 / 5), 5);
  });

  test("jit gives the same; leaks nothing", async () => {
    const run = (x: np.Array): np.Array => {
      const { sigma, u, v } = top(x, 4);
      return np.concatenate([sigma.reshape([1]), u, v]);
    };
    const x = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 2 });
    const compiled = jit(run);
    expect(maxDifference(compiled(x()), run(x()))).toBeLessThan(1e-5);
    compiled.dispose();
    expect(await leakedBuffers(() => run(x()).js())).toBe(0);
  });
});

describe("lanczos", () => {
  test("is never below power iteration with as many products", () => {
    for (const exponent of [0.1, 0.5, 1]) {
      for (const steps of [1, 2, 4, 7]) {
        const [power, krylov] = methods.map(([, top]) =>
          top(withSpectrum(12, 20, falling(12, exponent)), steps).sigma.item(),
        );
        expect(krylov).toBeGreaterThanOrEqual((power ?? 1) - 1e-6);
      }
    }
  });

  test("finds σ₁ without a gap to speak of, where power iteration is far off", () => {
    const spectrum = falling(12, 0.05);
    const [power, krylov] = methods.map(([, top]) => top(withSpectrum(12, 20, spectrum), 10).sigma.item());
    expect(1 - (krylov ?? 0)).toBeLessThan(2e-3);
    expect(1 - (power ?? 0)).toBeGreaterThan(1e-2);
  });

  test("is exact one step beyond the rank; more change nothing and stay finite", () => {
    const x = (): np.Array => withSpectrum(5, 7, [3, 2, 1, 0, 0]);
    expect(lanczos(x(), { steps: 4 }).sigma.item()).toBeCloseTo(3, 5);
    expect(lanczos(x(), { steps: 50 }).sigma.item()).toBeCloseTo(3, 5);
  });

  test("takes batches, each with its start", () => {
    const one = (seed: number): np.Array => arrayOf({ kind: "gaussian", m: 4, n: 6, seed });
    const starts = np.stack([startVector(6), startVector(6).mul(-2)]);
    const both = lanczos(np.stack([one(1), one(2)]), { steps: 6, start: starts });
    for (const [i, size] of entries(both.sigma).entries())
      expect(size).toBeCloseTo(Math.max(...entries(singularValues(one(i + 1)))), 5);
    expect(both.u.shape).toEqual([2, 4]);
    expect(both.v.shape).toEqual([2, 6]);
  });

  test("refuses a start of another shape and no steps", () => {
    expect(() => lanczos(np.ones([2, 3]), { start: np.ones([2]) })).toThrow(
      /one entry per column, shape \[3\]/,
    );
    expect(() => lanczos(np.ones([2, 3]), { steps: 0 })).toThrow(/positive integer, got 0/);
  });
});

describe("power iteration, warm", () => {
  test("one step from the last v follows a matrix that moved by 5 %", () => {
    const x = withSpectrum(12, 20, falling(12, 0.5));
    const moved = x.ref.add(arrayOf({ kind: "gaussian", m: 12, n: 20, seed: 9 }).mul(0.05 / Math.sqrt(240)));
    const exact = Math.max(...entries(singularValues(moved.ref)));
    const { v } = powerIteration(x, { steps: 30, start: startVector(20) });
    const warm = powerIteration(moved.ref, { steps: 1, start: v }).sigma.item();
    const cold = powerIteration(moved, { steps: 1, start: startVector(20) }).sigma.item();
    expect(1 - warm / exact).toBeLessThan(1e-3);
    expect(1 - cold / exact).toBeGreaterThan(1e-1);
  });
});

test("the top eigenvector of a small matrix, ties and zero included", () => {
  const q = reflection(5, 3);
  const spectrum = [1, 4, 3.9, 0, 2];
  const entry = (i: number, j: number): number =>
    spectrum.reduce((sum, value, k) => sum + q(i, k) * value * q(k, j), 0);
  const a = array(
    Float32Array.from({ length: 25 }, (_, k) => entry(Math.floor(k / 5), k % 5)),
    [5, 5],
  );
  const expected = [0, 1, 2, 3, 4].map((i) => q(i, 1));
  const found = entries(topEigenvector(a));
  const sign = Math.sign((found[0] ?? 0) * (expected[0] ?? 0));
  // (3.9/4)^4096 is nothing; rounding of a moves the vector by 1e-7/gap.
  for (const [i, x] of found.entries()) expect(x * sign).toBeCloseTo(expected[i] ?? 0, 4);
  const tied = topEigenvector(np.eye(3));
  expect(np.sum(np.square(tied)).item()).toBeCloseTo(1, 6);
  expect(entries(topEigenvector(np.zeros([2, 2])))).toEqual([0, 0]);
});

describe("truncated and randomized SVD", () => {
  const key = (): np.Array => random.key(0);

  test("truncated: the closest matrix of that rank", () => {
    const x = (): np.Array => withSpectrum(6, 9, [5, 4, 3, 2, 1, 0.5]);
    const { u, s, vt } = truncatedSvd(x(), 2);
    expect([u.shape, s.shape, vt.shape]).toEqual([[6, 2], [2], [2, 9]]);
    const rest = x().sub(np.matmul(u.mul(s.reshape([1, 2])), vt));
    expect(Math.max(...entries(singularValues(rest)))).toBeCloseTo(3, 4);
    expect(() => truncatedSvd(x(), 7)).toThrow(/rank must be a whole number from 1 to 6, got 7/);
  });

  test("randomized: exact for low rank, below σ and closer with each power iteration otherwise", () => {
    const low = (): np.Array => withSpectrum(12, 20, [3, 2, ...Array<number>(10).fill(0)]);
    const [first, second] = entries(randomizedSvd(key(), low(), { rank: 2, oversample: 3, iterations: 0 }).s);
    expect(first).toBeCloseTo(3, 4);
    expect(second).toBeCloseTo(2, 4);
    const errors = [0, 1, 2].map((iterations) => {
      const x = withSpectrum(12, 20, falling(12, 0.3));
      return 1 - (entries(randomizedSvd(key(), x, { rank: 1, oversample: 1, iterations }).s)[0] ?? 0);
    });
    for (const [i, error] of errors.entries()) {
      expect(error).toBeGreaterThan(-1e-6);
      expect(error).toBeLessThanOrEqual((errors[i - 1] ?? 1) + 1e-6);
    }
  });

  test("randomized: the Frobenius error is within the expected bound, on average", () => {
    const spectrum = falling(12, 0.5);
    const [rank, oversample] = [2, 4];
    const tail = spectrum.slice(rank).reduce((sum, s) => sum + s * s, 0);
    const errors = Array.from({ length: 10 }, (_, seed) => {
      const x = withSpectrum(12, 20, spectrum);
      const { u } = randomizedSvd(random.key(seed), x.ref, {
        rank: rank + oversample,
        oversample: 0,
        iterations: 0,
      });
      const rest = x.ref.sub(np.matmul(u.ref, np.matmul(np.matrixTranspose(u), x)));
      return np.sum(np.square(rest)).item();
    });
    const mean = errors.reduce((sum, e) => sum + e) / errors.length;
    expect(mean).toBeLessThan((1 + rank / (oversample - 1)) * tail);
  });

  test("zero gives zero; nothing leaks", async () => {
    const { u, s, vt } = randomizedSvd(key(), np.zeros([5, 4]), { rank: 2 });
    for (const x of [u, s, vt]) expect(entries(x).every((entry) => entry === 0)).toBe(true);
    const run = (): unknown => {
      const found = randomizedSvd(key(), arrayOf({ kind: "gaussian", m: 4, n: 6, seed: 1 }), { rank: 2 });
      return [found.u.js(), found.s.js(), found.vt.js()];
    };
    expect(await leakedBuffers(run)).toBe(0);
  });
});
