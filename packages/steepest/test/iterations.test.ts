import { jit, numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  bestOddCubic,
  cansSet,
  coupledNewtonSchulz,
  gramNewtonSchulz,
  gramNewtonSchulzFlops,
  mapSingularValue,
  newtonSchulz,
  newtonSchulzFlops,
  polar,
} from "../src/matrix/index.ts";
import { arrayOf, entries, maxDifference, samples } from "./matrixSamples.ts";
import { withSpectrum } from "./support/spectrum.ts";

const wide = (m: number, n: number, seed = 1): np.Array => arrayOf({ kind: "gaussian", m, n, seed });
const double = (x: np.Array): np.Array => x.astype(np.float64);

describe("Gram Newton-Schulz", () => {
  test.each([[[]], [[2]], [[2, 4]], [[1, 3, 9]]])(
    "restarts %j: Newton-Schulz to 1e-10 in float64",
    (restarts) => {
      for (const [m, n] of [
        [3, 8],
        [8, 3],
        [4, 4],
      ] as const) {
        for (const coefficients of ["keller", "polarExpress", "cubic"] as const) {
          const options = { coefficients, steps: 5 };
          const gram = gramNewtonSchulz(double(wide(m, n)), { ...options, restarts });
          expect(maxDifference(gram, newtonSchulz(double(wide(m, n)), options))).toBeLessThan(1e-10);
        }
      }
    },
  );

  test("float32 agrees on every kind of matrix; zero for zero", () => {
    const property = fc.property(samples(), (s) => {
      const gram = gramNewtonSchulz(arrayOf(s));
      if (s.kind === "zero") expect(entries(gram).every((x) => x === 0)).toBe(true);
      // Rounding of 1e-7 in null directions, times the slope 485 of five steps.
      else expect(maxDifference(gram, newtonSchulz(arrayOf(s)))).toBeLessThan(2e-4);
    });
    fc.assert(property, { numRuns: 20, seed: 2 });
  });

  test("a restart keeps small singular values, σᵢ = i^(−2.5)", () => {
    const x = (): np.Array =>
      withSpectrum(
        24,
        48,
        Array.from({ length: 24 }, (_, i) => (i + 1) ** -2.5),
      );
    const exact = (): np.Array =>
      newtonSchulz(double(x()), { coefficients: "polarExpress", steps: 5 }).astype(np.float32);
    const error = (restarts: readonly number[]): number =>
      maxDifference(gramNewtonSchulz(x(), { coefficients: "polarExpress", steps: 5, restarts }), exact());
    expect(error([2])).toBeLessThan(2e-4);
    expect(error([])).toBeGreaterThan(3 * error([2]));
  });

  test("batches, jit, no leaks", async () => {
    const both = gramNewtonSchulz(np.stack([wide(3, 8, 1), wide(3, 8, 2)]));
    const apart = np.stack([gramNewtonSchulz(wide(3, 8, 1)), gramNewtonSchulz(wide(3, 8, 2))]);
    expect(maxDifference(both, apart)).toBeLessThan(1e-6);
    const compiled = jit((x: np.Array) => gramNewtonSchulz(x));
    expect(maxDifference(compiled(wide(3, 8)), gramNewtonSchulz(wide(3, 8)))).toBeLessThan(1e-5);
    compiled.dispose();
    expect(await leakedBuffers(() => gramNewtonSchulz(wide(3, 8)).js())).toBe(0);
  });

  test("FLOPs: the formulas of the definitions, and where the Gram form wins", () => {
    const [n, m] = [256, 1024];
    const sizes = { rows: n, columns: m, steps: 5 };
    expect(newtonSchulzFlops(sizes)).toBe(20 * n * n * m + 10 * n ** 3);
    expect(gramNewtonSchulzFlops({ ...sizes, restarts: 0 })).toBe(4 * n * n * m + 34 * n ** 3);
    expect(gramNewtonSchulzFlops(sizes)).toBe(8 * n * n * m + 28 * n ** 3);
    expect(newtonSchulzFlops(sizes) / gramNewtonSchulzFlops(sizes)).toBeCloseTo(1.5, 1);
    expect(newtonSchulzFlops({ ...sizes, columns: n })).toBeLessThan(
      gramNewtonSchulzFlops({ ...sizes, columns: n }),
    );
  });

  test("refuses restarts that are no steps", () => {
    expect(() => gramNewtonSchulz(np.ones([2, 3]), { restarts: [0] })).toThrow(
      /whole step numbers ≥ 1, got 0/,
    );
  });
});

describe("coupled Newton-Schulz", () => {
  /** Symmetric positive definite with condition number about `condition`. */
  const spd = (n: number, condition: number, seed = 1): np.Array => {
    const q = polar(double(wide(n, n, seed)));
    const spectrum = np
      .array(Float64Array.from({ length: n }, (_, i) => condition ** (-i / (n - 1))))
      .reshape([1, n]);
    return np.matmul(q.ref.mul(spectrum), np.matrixTranspose(q)).mul(3);
  };
  const product = (...factors: np.Array[]): np.Array => factors.reduce((a, b) => np.matmul(a, b));

  test.each([
    [10, 10, 1e-10],
    [100, 15, 1e-9],
    [1e4, 20, 1e-7],
  ])("condition %d, %d steps: root² = A, inverseRoot·A·inverseRoot = I", (condition, steps, error) => {
    const { root, inverseRoot } = coupledNewtonSchulz(spd(8, condition), { steps });
    expect(maxDifference(product(root.ref, root), spd(8, condition))).toBeLessThan(error);
    const one = product(inverseRoot.ref, spd(8, condition), inverseRoot);
    expect(maxDifference(one, np.eye(8, 8, { dtype: np.float64 }))).toBeLessThan(error);
  });

  test("at every step Y = A/‖A‖·Z, and Y and Z commute with A", () => {
    const a = spd(6, 50);
    const norm = Math.sqrt(np.sum(np.square(a.ref)).item());
    const { root, inverseRoot } = coupledNewtonSchulz(a.ref, { steps: 3 });
    expect(
      maxDifference(root.ref.div(Math.sqrt(norm)), product(a.ref, inverseRoot.ref).div(Math.sqrt(norm))),
    ).toBeLessThan(1e-12);
    expect(maxDifference(product(a.ref, root.ref), product(root, a.ref))).toBeLessThan(1e-12);
    expect(maxDifference(product(a.ref, inverseRoot.ref), product(inverseRoot, a))).toBeLessThan(1e-12);
  });

  test("on UUᵀ, inverseRoot·U is the polar factor of U", () => {
    const u = (): np.Array => double(wide(4, 9));
    const gram = product(u(), np.matrixTranspose(u()));
    const { root, inverseRoot } = coupledNewtonSchulz(gram);
    root.dispose();
    expect(maxDifference(product(inverseRoot, u()), polar(u()))).toBeLessThan(1e-9);
  });

  test("float32: error about κ·1e-7; a ridge keeps singular matrices bounded; zero for zero", () => {
    const { root, inverseRoot } = coupledNewtonSchulz(spd(8, 100).astype(np.float32), { steps: 15 });
    root.dispose();
    const exact = coupledNewtonSchulz(spd(8, 100), { steps: 25 });
    exact.root.dispose();
    expect(maxDifference(inverseRoot, exact.inverseRoot.astype(np.float32))).toBeLessThan(1e-4);
    const flat = coupledNewtonSchulz(np.ones([3, 3]), { ridge: 1e-4, steps: 30 });
    for (const x of entries(flat.inverseRoot)) expect(Math.abs(x)).toBeLessThan(1 / Math.sqrt(3e-4));
    flat.root.dispose();
    const zero = coupledNewtonSchulz(np.zeros([3, 3]));
    for (const x of [...entries(zero.root), ...entries(zero.inverseRoot)]) expect(x).toBe(0);
  });

  test("refuses what is not square; leaks nothing", async () => {
    expect(() => coupledNewtonSchulz(np.ones([2, 3]))).toThrow(/square matrices.*\[2,3\]/);
    expect(
      await leakedBuffers(() => {
        const { root, inverseRoot } = coupledNewtonSchulz(np.eye(3), { steps: 3, ridge: 0.1 });
        return [root.js(), inverseRoot.js()];
      }),
    ).toBe(0);
  });
});

describe("CANS", () => {
  test("the best odd cubic equioscillates: 1 − E, 1 + E, 1 − E", () => {
    for (const [lower, upper] of [
      [0.01, 1],
      [0.3, 1.7],
      [0.9, 1.1],
    ] as const) {
      const { coefficients, error } = bestOddCubic(lower, upper);
      const [a, b] = coefficients;
      const top = Math.sqrt(-a / (3 * b));
      const at = (sigma: number): number => mapSingularValue([coefficients], sigma);
      expect(at(lower)).toBeCloseTo(1 - error, 12);
      expect(at(top)).toBeCloseTo(1 + error, 12);
      expect(at(upper)).toBeCloseTo(1 - error, 12);
    }
  });

  test("a set brings its interval to 1, and nothing up to 1 changes sign", () => {
    for (const lower of [1e-1, 1e-2, 1e-3]) {
      const { schedule, safety, flipsSign } = cansSet({ lower });
      expect(flipsSign).toBe(false);
      for (let k = 0; k <= 400; k++) {
        const sigma = lower ** (k / 400);
        expect(Math.abs(mapSingularValue(schedule, sigma / safety) - 1)).toBeLessThan(1e-6);
        const below = mapSingularValue(schedule, (sigma * lower) / safety);
        expect(below).toBeGreaterThan(0);
      }
    }
  });

  test("as coefficients of Newton-Schulz it gives the polar factor", () => {
    const x = (): np.Array => wide(3, 8);
    expect(maxDifference(newtonSchulz(x(), { coefficients: cansSet() }), polar(x()))).toBeLessThan(1e-5);
  });

  test("refuses intervals and accuracies without meaning", () => {
    expect(() => cansSet({ lower: 2 })).toThrow(/lower must be between 0 and 1, got 2/);
    expect(() => cansSet({ accuracy: 0 })).toThrow(/accuracy/);
    expect(() => bestOddCubic(1, 1)).toThrow(/0 < lower < upper/);
  });
});
