import { jit, numpy as np, random } from "@jax-js/jax";
import fc from "fast-check";
import { combine, createNorm, type Norm, scaled } from "steepest/norms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { arrayOf, entries, maxDifference, samples } from "./matrixSamples.ts";

const exact = { polar: "svd" } as const;
const inner = (a: np.Array, b: np.Array): number => np.sum(a.mul(b)).item();

/** Pairs of norms that have nothing to do with Frobenius. */
const pairs: [string, Norm, Norm][] = [
  ["operator and max", createNorm("operator", exact), createNorm("max")],
  ["nuclear and l1", createNorm("nuclear"), createNorm("l1")],
  ["rows and columns", createNorm("rownorm", { eps: 0 }), createNorm("colnorm", { eps: 0 })],
];

describe.each(pairs)("combine(α, a, b) of %s", (_name, a, b) => {
  const forAll = (law: (g: () => np.Array) => void): void => {
    const property = fc.property(samples("gaussian", "illConditioned"), (s) => law(() => arrayOf(s)));
    fc.assert(property, { numRuns: 6, seed: 11 });
  };

  test.each([0, 0.25, 0.5, 0.9, 1])("α = %d: dual and lmo are the mixes, and pair to each other", (alpha) => {
    const norm = combine(alpha, a, b);
    forAll((g) => {
      const dual = norm.dual(g()).item();
      const mixed = alpha * a.dual(g()).item() + (1 - alpha) * b.dual(g()).item();
      expect(Math.abs(dual - mixed)).toBeLessThanOrEqual(1e-6 * mixed);
      const direction = a
        .lmo(g())
        .mul(alpha)
        .add(b.lmo(g()).mul(1 - alpha));
      expect(maxDifference(norm.lmo(g()), direction)).toBeLessThan(1e-6);
      expect(Math.abs(inner(g(), norm.lmo(g())) + dual)).toBeLessThanOrEqual(2e-5 * dual);
      const sharp = norm.sharp(g());
      expect(Math.abs(inner(g(), sharp) - dual * dual)).toBeLessThanOrEqual(5e-5 * dual * dual);
    });
  });

  test("its dual is a norm, and its ball the sum of the balls: no point of it pairs to more than the dual", () => {
    const norm = combine(0.3, a, b);
    forAll((g) => {
      const dual = norm.dual(g()).item();
      expect(norm.dual(g().mul(-3)).item() / dual).toBeCloseTo(3, 4);
      for (const [i, j] of [
        [1, 2],
        [3, 4],
      ] as const) {
        const { shape } = g();
        const [x, y] = [i, j].map((seed) => random.normal(random.key(seed), [...shape]));
        if (x === undefined || y === undefined) throw new Error("two points");
        const inA = x.ref.div(a.value(x)).mul(0.3);
        const inB = y.ref.div(b.value(y)).mul(0.7);
        expect(inner(g(), inA.add(inB))).toBeLessThanOrEqual(dual * (1 + 1e-5));
      }
    });
  });

  test("at the ends it is one of the two, value included; in between value has no formula", () => {
    const x = (): np.Array => arrayOf({ kind: "gaussian", m: 4, n: 3, seed: 2 });
    expect(combine(1, a, b).value(x()).item()).toBe(a.value(x()).item());
    expect(combine(0, a, b).value(x()).item()).toBe(b.value(x()).item());
    const between = combine(0.5, a, b);
    expect(() => between.value(np.ones([2, 2]))).toThrow(
      `combine(0.5, ${a.name}, ${b.name}).value has no formula; give one as the option value`,
    );
    expect(between.name).toBe(`combine(0.5, ${a.name}, ${b.name})`);
  });

  test("scale, a name and a value of one's own; init is a point of the form −lmo", () => {
    const norm = combine(0.5, a, b, { name: "mine", scale: 2, value: (x) => np.max(np.abs(x)) });
    const plain = combine(0.5, a, b);
    const g = (): np.Array => arrayOf({ kind: "gaussian", m: 4, n: 3, seed: 2 });
    expect(norm.name).toBe("mine");
    expect(norm.dual(g()).item() / plain.dual(g()).item()).toBeCloseTo(2, 5);
    expect(maxDifference(norm.lmo(g()), plain.lmo(g()).mul(2))).toBeLessThan(1e-6);
    expect(maxDifference(scaled(plain, 2).lmo(g()), norm.lmo(g()))).toBeLessThan(1e-6);
    expect(norm.value(np.array([[3, -4]])).item()).toBe(2);
    const start = norm.init(random.key(1), [4, 3]);
    const expected = plain.lmo(random.normal(random.key(1), [4, 3])).mul(-2);
    expect(maxDifference(start, expected)).toBeLessThan(1e-6);
  });

  test("zero gives zero; jit; leaks nothing", async () => {
    const norm = combine(0.4, a, b);
    expect(entries(norm.lmo(np.zeros([3, 2]))).every((x) => x === 0)).toBe(true);
    const g = (): np.Array => arrayOf({ kind: "gaussian", m: 4, n: 3, seed: 2 });
    const compiled = jit((x: np.Array) => norm.lmo(x));
    expect(maxDifference(compiled(g()), norm.lmo(g()))).toBeLessThan(1e-5);
    compiled.dispose();
    expect(await leakedBuffers(() => [norm.lmo(g()).js(), norm.dual(g()).item()])).toBe(0);
  });
});

test("combine refuses α outside [0, 1]", () => {
  const [a, b] = [createNorm("max"), createNorm("l1")];
  for (const alpha of [-0.1, 1.1, Number.NaN])
    expect(() => combine(alpha, a, b)).toThrow(`combine: alpha must be in [0, 1], got ${alpha}`);
});

describe("norms of Gaussian matrices, for large sides (nuclear, Frobenius, spectral)", () => {
  const norms = {
    nuclear: createNorm("nuclear"),
    frobenius: createNorm("frobenius"),
    operator: createNorm("operator"),
  };
  const at = (name: keyof typeof norms, m: number, n: number): number =>
    norms[name].value(random.normal(random.key(5), [m, n])).item();

  test("square: nuclear → 8/(3π)·n√n, nuclear/spectral → 4/(3π)·n, Frobenius → n, spectral → 2√n", () => {
    const n = 128;
    const [nuclear, frobenius, operator] = [at("nuclear", n, n), at("frobenius", n, n), at("operator", n, n)];
    // Fluctuations of sums of n² terms, and an edge that is n^(−2/3) away from its limit: 2 % and less at 128.
    expect(Math.abs(nuclear / (n * Math.sqrt(n)) / (8 / (3 * Math.PI)) - 1)).toBeLessThan(0.01);
    expect(8 / (3 * Math.PI)).toBeCloseTo(0.8488, 4);
    expect(Math.abs(nuclear / operator / (0.4244 * n) - 1)).toBeLessThan(0.04);
    expect(Math.abs(frobenius / n - 1)).toBeLessThan(0.01);
    expect(Math.abs(operator / (2 * Math.sqrt(n)) - 1)).toBeLessThan(0.04);
    // The draft's n/2 is 18 % high.
    expect(nuclear / operator / (n / 2)).toBeLessThan(0.9);
  });

  test("four times as long as short: nuclear/(min·√max) is 0.966, spectral √m + √n", () => {
    const [m, n] = [64, 256];
    expect(Math.abs(at("nuclear", m, n) / (m * Math.sqrt(n)) / 0.966 - 1)).toBeLessThan(0.01);
    expect(Math.abs(at("operator", m, n) / (Math.sqrt(m) + Math.sqrt(n)) - 1)).toBeLessThan(0.04);
  });
});
