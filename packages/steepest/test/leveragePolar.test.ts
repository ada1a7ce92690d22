import { jit, numpy as np } from "@jax-js/jax";
import { leveragePolar, polar, riemannianLeveragePolar } from "steepest/matrix";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { conjugateGradients } from "../src/matrix/conjugateGradients.ts";
import { leverageTangent } from "../src/matrix/riemannianLeveragePolar.ts";
import { arrayOf, entries, maxDifference } from "./matrixSamples.ts";

/** Gaussian rows of log-normal lengths, as gradients of layers with rarely used neurons have. */
function uneven(m: number, n: number, seed = 4): np.Array {
  const rows = Array.from({ length: m }, (_, i) => Math.exp(1.3 * Math.sin(12.9 * (i + 1)) * Math.cos(i)));
  return arrayOf({ kind: "gaussian", m, n, seed }).mul(np.array(rows).reshape([m, 1]));
}

/** Standard deviation of the lengths of rows over their mean. */
function spread(x: np.Array): number {
  const lengths = entries(np.sqrt(np.sum(np.square(x), -1)));
  const mean = lengths.reduce((sum, l) => sum + l, 0) / lengths.length;
  return Math.sqrt(lengths.reduce((sum, l) => sum + (l - mean) ** 2, 0) / lengths.length) / mean;
}

const exact = (x: np.Array): np.Array => polar(x);
const fromIdentity = (u: np.Array): number =>
  maxDifference(np.matmul(np.matrixTranspose(u.ref), u.ref), np.eye(u.shape[1] ?? 1));
const transpose = (x: np.Array): np.Array => np.matrixTranspose(x);

describe("leveragePolar", () => {
  const run = (x: np.Array, iterations: number): np.Array => leveragePolar(x, { polar: exact, iterations });

  test("UᵀU = I always, and each further polar factor makes rows more alike", () => {
    const found = [1, 2, 3, 5].map((iterations) => {
      const u = run(uneven(24, 8), iterations);
      expect(fromIdentity(u)).toBeLessThan(5e-6);
      return spread(u);
    });
    const before = spread(polar(uneven(24, 8)));
    for (const [i, value] of found.entries()) expect(value).toBeLessThan((found[i - 1] ?? before) * 0.6);
    expect(found[3]).toBeLessThan(1e-2);
  });

  test("K = 1 is the polar factor of the row-normalised matrix; scales of rows do not matter; wide is tall transposed", () => {
    const x = uneven(12, 5);
    const lengths = np.sqrt(np.sum(np.square(x.ref), -1, { keepdims: true }));
    expect(maxDifference(run(x.ref, 1), polar(x.ref.div(lengths)))).toBeLessThan(5e-6);
    const even = arrayOf({ kind: "gaussian", m: 12, n: 5, seed: 4 });
    expect(maxDifference(run(x.ref, 2), run(even, 2))).toBeLessThan(1e-4);
    expect(maxDifference(transpose(run(transpose(x.ref), 2)), run(x, 2))).toBeLessThan(1e-6);
  });

  test("a square matrix gives its polar factor, zero gives zero; jit, leaks, refusals", async () => {
    const square = (): np.Array => arrayOf({ kind: "gaussian", m: 4, n: 4, seed: 1 });
    expect(maxDifference(run(square(), 2), polar(square()))).toBeLessThan(1e-6);
    expect(entries(run(np.zeros([3, 2]), 2)).every((x) => x === 0)).toBe(true);
    const compiled = jit((x: np.Array) => run(x, 2));
    expect(maxDifference(compiled(uneven(6, 3)), run(uneven(6, 3), 2))).toBeLessThan(1e-5);
    compiled.dispose();
    expect(await leakedBuffers(() => run(uneven(6, 3), 2).js())).toBe(0);
    expect(() => run(np.ones([3, 2]), 0)).toThrow(/iterations must be a whole number ≥ 1/);
  });
});

describe("riemannianLeveragePolar", () => {
  type Options = { iterations?: number; solverSteps?: number; step?: number };
  const run = (x: np.Array, options: Options = {}): np.Array =>
    riemannianLeveragePolar(x, { polar: exact, ...options });
  /** Compiled, where hundreds of operations would be done one by one. */
  function fast(x: np.Array, options: Options = {}): np.Array {
    const compiled = jit((y: np.Array) => run(y, options));
    const u = compiled(x);
    compiled.dispose();
    return u;
  }

  test("UᵀU = I, rows more alike than the polar factor's", () => {
    const u = fast(uneven(24, 8));
    expect(fromIdentity(u.ref)).toBeLessThan(5e-6);
    expect(spread(u)).toBeLessThan(spread(polar(uneven(24, 8))) / 2);
  });

  test("its tangent changes neither UᵀU nor the lengths of rows", () => {
    const [m, n] = [7, 4];
    // A harmonic frame: orthonormal columns, all rows of length √(n/m).
    const frame = Array.from({ length: m * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      const angle = (2 * Math.PI * i * (1 + Math.floor(j / 2))) / m;
      return Math.sqrt(2 / m) * (j % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
    });
    const u = np.array(frame).reshape([m, n]);
    const gradient = (): np.Array => arrayOf({ kind: "gaussian", m, n, seed: 9 });
    const z = leverageTangent(gradient(), u.ref, n / m, 2 * m);
    const across = np.matmul(np.matrixTranspose(u.ref), z.ref);
    expect(maxDifference(across.ref, np.matrixTranspose(across).neg())).toBeLessThan(2e-5); // UᵀZ + ZᵀU = 0
    const growth = entries(np.sum(z.ref.mul(u.ref), -1)); // half of what ‖Uᵢ‖² changes by
    expect(Math.max(...growth.map(Math.abs))).toBeLessThan(2e-5);
    // It is no small vector, and an orthogonal projection: what it drops is orthogonal to it.
    expect(entries(np.sum(np.square(z.ref)))[0]).toBeGreaterThan(0.1);
    expect(Math.abs(entries(np.sum(gradient().sub(z.ref).mul(z)))[0] ?? 1)).toBeLessThan(1e-4);
    u.dispose();
  });

  test("twenty conjugate-gradient steps are the default, and many more change less than six leave out", () => {
    // From the polar factor the first step has nothing to solve: its rows' multipliers are 0.
    const at = (solverSteps?: number): np.Array =>
      fast(uneven(32, 8), { iterations: 2, step: 1, ...(solverSteps === undefined ? {} : { solverSteps }) });
    const [given, many] = [at(20), at(40)];
    expect(maxDifference(at(), given.ref)).toBe(0);
    const twenty = maxDifference(given, many.ref);
    const six = maxDifference(at(6), many);
    expect(six).toBeGreaterThan(2e-4);
    expect(twenty).toBeLessThan(six / 5);
  });

  test("scale does not matter; square, zero, jit, leaks, refusals", async () => {
    const few = { iterations: 1, solverSteps: 3 };
    expect(maxDifference(run(uneven(8, 4).mul(1e4), few), run(uneven(8, 4), few))).toBeLessThan(1e-5);
    const square = (): np.Array => arrayOf({ kind: "gaussian", m: 4, n: 4, seed: 1 });
    expect(maxDifference(run(square()), polar(square()))).toBeLessThan(1e-6);
    expect(entries(run(np.zeros([3, 2]), few)).every((x) => x === 0)).toBe(true);
    const compiled = jit((x: np.Array) => run(x, few));
    expect(maxDifference(compiled(uneven(6, 3)), run(uneven(6, 3), few))).toBeLessThan(1e-4);
    compiled.dispose();
    expect(await leakedBuffers(() => run(uneven(6, 3), few).js())).toBe(0);
    expect(() => run(np.ones([3, 2]), { solverSteps: 0 })).toThrow(/solverSteps must be a whole number ≥ 1/);
  });
});

describe("conjugateGradients", () => {
  const m = 12;
  const random = (seed: number): np.Array => arrayOf({ kind: "gaussian", m, n: 1, seed });

  test("solves a system", () => {
    const a = arrayOf({ kind: "gaussian", m, n: m, seed: 1 }).mul(0.1);
    const s = a.ref.add(np.matrixTranspose(a)).mul(0.5);
    const q = random(2);
    const lambda = conjugateGradients(s.ref, np.full([1, 1], 2), q.ref, 2 * m);
    const residual = lambda.ref.mul(2).sub(np.matmul(s, lambda)).sub(q);
    expect(Math.max(...entries(residual).map(Math.abs))).toBeLessThan(1e-5);
  });

  test("does not follow a direction without curvature to infinity", () => {
    // 2I − (2/m)·11ᵀ sends the constant vector to zero, and q is one, or all but.
    const s = np.full([m, m], 2 / m);
    for (const noise of [0, 1e-7, 1e-3]) {
      const q = random(3).mul(noise).add(1);
      const lambda = entries(conjugateGradients(s.ref, np.full([1, 1], 2), q, 40));
      expect(lambda.every(Number.isFinite)).toBe(true);
      const mean = lambda.reduce((sum, value) => sum + value, 0) / m;
      expect(Math.max(...lambda.map((value) => Math.abs(value - mean)))).toBeLessThan(1 + 10 * noise);
    }
    s.dispose();
  });
});
