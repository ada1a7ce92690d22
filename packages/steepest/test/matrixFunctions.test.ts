import { jit, numpy as np, random } from "@jax-js/jax";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  coefficientSet,
  iterateSchedule,
  lakic,
  mapSingularValue,
  newtonSchulz,
  polar,
  polarExpress,
  powerIteration,
  resolveNewtonSchulz,
  semiOrthogonal,
  singularValues,
  svd,
} from "../src/matrix/index.ts";
import { arrayOf, entries, maxDifference, type Sample, samples } from "./matrixSamples.ts";

const forAll = (cases: fc.Arbitrary<Sample>, law: (sample: Sample) => void): void =>
  fc.assert(fc.property(cases, law), { numRuns: 20, seed: 1 });

const transpose = np.matrixTranspose;
const identityError = (x: np.Array): number => {
  const n = x.shape.at(-1) ?? 0;
  return maxDifference(x, np.eye(n));
};

/** Every function that approximates or equals the polar factor; exact ones to rounding. */
const polarFunctions = {
  "newtonSchulz keller": (x: np.Array) => newtonSchulz(x),
  "newtonSchulz simple": (x: np.Array) => newtonSchulz(x, { coefficients: "simple" }),
  polarExpress: (x: np.Array) => polarExpress(x, { steps: 8 }),
  polar: (x: np.Array) => polar(x),
  lakic: (x: np.Array) => lakic(x),
};

describe.each(Object.entries(polarFunctions))("%s", (_name, f) => {
  /** For laws of many samples of few shapes. */
  const compiled = jit(f);
  afterAll(() => compiled.dispose());

  test("zero gives zero, and nothing is ever NaN", () => {
    forAll(samples("zero"), (s) => {
      expect(entries(compiled(arrayOf(s))).every((entry) => entry === 0)).toBe(true);
    });
    forAll(samples(), (s) => {
      expect(entries(compiled(arrayOf(s))).every(Number.isFinite)).toBe(true);
    });
  });

  // Powers of two, so that scaling itself rounds nothing; 2⁻¹⁰⁰ = 8e-31, whose squares float32 cannot hold.
  test.each([-100, 100])("does not depend on the scale of x: 2^%i", (exponent) =>
    forAll(samples("gaussian", "illConditioned"), (s) => {
      const scaled = compiled(arrayOf(s).mul(2 ** exponent));
      expect(maxDifference(scaled, compiled(arrayOf(s)))).toBeLessThan(1e-6);
    }),
  );

  test("is odd and commutes with transposition", () =>
    forAll(samples("gaussian"), (s) => {
      expect(maxDifference(compiled(arrayOf(s).mul(-1)), compiled(arrayOf(s)).mul(-1))).toBeLessThan(1e-6);
      // A square matrix is not worked on transposed, so rounding differs, amplified by its condition number.
      expect(maxDifference(transpose(compiled(transpose(arrayOf(s)))), compiled(arrayOf(s)))).toBeLessThan(
        2e-4,
      );
    }));

  test("treats a batch as its matrices, with any number of batch axes", () => {
    const parts = [1, 2, 3, 4].map((seed) => arrayOf({ kind: "gaussian", m: 3, n: 8, seed }));
    const together = f(np.stack(parts.map((part) => part.ref)).reshape([2, 2, 3, 8]));
    expect(together.shape).toEqual([2, 2, 3, 8]);
    expect(maxDifference(together, np.stack(parts.map(f)))).toBeLessThan(1e-6);
  });

  test("gives the same under jit", () =>
    forAll(samples("gaussian", "zero", "rankDeficient"), (s) => {
      expect(maxDifference(compiled(arrayOf(s)), f(arrayOf(s)))).toBeLessThan(1e-4);
    }));

  test("keeps the dtype", () => {
    expect(f(np.ones([2, 3])).dtype).toBe(np.float32);
    expect(f(np.ones([2, 3]).astype(np.float64)).dtype).toBe(np.float64);
  });

  test("leaks nothing", async () => {
    for (const shape of [
      [4, 4],
      [8, 3],
    ])
      expect(await leakedBuffers(() => f(np.ones(shape)).js())).toBe(0);
  });

  test("refuses vectors and empty matrices, with the shape", () => {
    expect(() => f(np.ones([5]))).toThrow(/needs a matrix .* got shape \[5\]/);
    expect(() => f(np.zeros([0, 5]))).toThrow(/at least one entry; got shape \[0,5\]/);
  });
});

describe("newtonSchulz", () => {
  // Checks the iteration against its definition: float64, all of the composed polynomial.
  test.each(["keller", "you6", "polarExpress", "cans5", "cubic5", "deepseekV4"] as const)(
    "%s maps singular values by the composed polynomial and keeps singular vectors",
    (coefficients) =>
      forAll(samples("gaussian", "illConditioned"), (s) => {
        const x = arrayOf(s).astype(np.float64);
        const { schedule, normalization } = resolveNewtonSchulz({ coefficients });
        const { u, s: sigma, vt } = svd(x.ref);
        const before = entries(sigma);
        const size = Math.hypot(...before) * normalization.factor;
        const mapped = np.array(before.map((value) => mapSingularValue(schedule, value / size)));
        const expected = np.matmul(u.mul(mapped.astype(np.float64)), vt);
        // svd drops σ < 1e-7·σ₁ and its Jacobi sweeps stop at 1e-12
        expect(maxDifference(newtonSchulz(x, { coefficients }), expected)).toBeLessThan(1e-6);
      }),
  );

  test("hand-computed: a 1×1 matrix is its sign times p(1), a diagonal goes entry by entry", () => {
    const coefficients = [[3, -2, 0.5]] as const; // p(σ) = 3σ − 2σ³ + σ⁵/2
    expect(entries(newtonSchulz(np.array([[-7]]), { coefficients }))).toEqual([-1.5]);
    // ‖diag(3, 4)‖ = 5: σ = 0.6 and 0.8
    const [a = 0, b = 1, c = 1, d = 0] = entries(newtonSchulz(np.diag(np.array([3, 4])), { coefficients }));
    expect(a).toBeCloseTo(3 * 0.6 - 2 * 0.6 ** 3 + 0.5 * 0.6 ** 5, 6);
    expect([b, c]).toEqual([0, 0]);
    expect(d).toBeCloseTo(3 * 0.8 - 2 * 0.8 ** 3 + 0.5 * 0.8 ** 5, 6);
  });

  test("steps, mode and bare lists", () => {
    const list = [
      [2, -1.5, 0.5],
      [1.5, -0.5, 0],
    ] as const;
    const x = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 5 });
    const by = (...schedule: (readonly [number, number, number])[]): np.Array =>
      iterateSchedule(newtonSchulz(x(), { coefficients: [[1, 0, 0]] }), schedule);
    expect(maxDifference(newtonSchulz(x(), { coefficients: list }), by(list[0], list[1]))).toBeLessThan(1e-6);
    const cycled = newtonSchulz(x(), { coefficients: list, steps: 3 });
    expect(maxDifference(cycled, by(list[0], list[1], list[0]))).toBeLessThan(1e-6);
    const repeated = newtonSchulz(x(), { coefficients: list, steps: 3, mode: "repeatLast" });
    expect(maxDifference(repeated, by(list[0], list[1], list[1]))).toBeLessThan(1e-6);
  });

  test("the eps of a published code is where it says: x / (‖x‖ + eps), x / max(‖x‖, eps)", () => {
    const x = (): np.Array => np.array([[3e-7, 4e-7]]); // ‖x‖ = 5e-7
    const once = (normalization: "keller" | "torch" | "dion" | "nvidia"): number[] =>
      entries(newtonSchulz(x(), { coefficients: [[1, 0, 0]], normalization }));
    expect(once("keller")[0]).toBeCloseTo(3e-7 / 6e-7, 6);
    expect(once("dion")[0]).toBeCloseTo(3e-7 / (1.02 * 5e-7 + 1e-6), 6);
    expect(once("torch")[0]).toBeCloseTo(0.6, 6);
    expect(once("nvidia")[0]).toBeCloseTo(0.6, 6);
    const floored = newtonSchulz(np.array([[3e-8, 4e-8]]), {
      coefficients: [[1, 0, 0]],
      normalization: "torch",
    });
    expect(entries(floored)[0]).toBeCloseTo(0.3, 6);
    const faint = newtonSchulz(np.array([[3e-30, 4e-30]]), { normalization: "keller" });
    expect(entries(faint).every((entry) => Math.abs(entry) < 1e-18)).toBe(true);
  });

  test("sums of squares keep their digits over millions of entries", () => {
    // One float32 accumulator would stop at 2²⁴ = 16.8 million.
    const x = newtonSchulz(np.ones([4500, 4500]).slice([0, 1]), { coefficients: [[1, 0, 0]] });
    expect(entries(x)[0]).toBeCloseTo(1 / Math.sqrt(4500), 7);
  });

  test("a wrong name gets the nearest one", () => {
    const x = np.ones([2, 2]);
    expect(() => newtonSchulz(x.ref, { coefficients: "polarexpres" as "polarExpress" })).toThrow(
      'did you mean "polarExpress"',
    );
    expect(() => newtonSchulz(x.ref, { normalization: "kelle" as "keller" })).toThrow(
      /unknown normalization "kelle".*did you mean "keller"/,
    );
    expect(() => newtonSchulz(x.ref, { coefficients: [] })).toThrow("empty list");
    expect(() => newtonSchulz(x.ref, { normalization: { eps: -1 } })).toThrow(
      "normalization: eps must be ≥ 0, got -1",
    );
    expect(() => newtonSchulz(x, { normalization: { factor: 0 } })).toThrow(
      "normalization: factor must be > 0, got 0",
    );
  });

  test("trap 8.4: aol4 turns a rank-one update around, the default does not", () => {
    const rankOne = (): np.Array => np.outer(np.array([1, 2, 3]), np.array([1, -1, 2, 0]));
    const alignment = (f: (x: np.Array) => np.Array): number => np.sum(f(rankOne()).mul(rankOne())).item();
    const { requires, ...aol4 } = coefficientSet("aol4");
    expect(requires).toBe("aol");
    expect(alignment((x) => newtonSchulz(x, { coefficients: aol4 }))).toBeLessThan(0);
    expect(coefficientSet("aol4").flipsSign).toBe(true);
    expect(alignment((x) => newtonSchulz(x))).toBeGreaterThan(0);
  });
});

describe("polar and svd", () => {
  test("polar has singular values 1 over the rank and 0 beyond", () =>
    forAll(samples(), (s) => {
      const ranks = {
        gaussian: Math.min(s.m, s.n),
        illConditioned: Math.min(s.m, s.n),
        rankDeficient: Math.max(1, Math.min(s.m, s.n) - 2),
        zero: 0,
        zeroRows: Math.min(Math.ceil(s.m / 2), s.n - Math.floor(s.n / 3)),
      };
      const sigma = entries(singularValues(polar(arrayOf(s))));
      sigma.forEach((value, i) => {
        expect(Math.abs(value - (i < ranks[s.kind] ? 1 : 0))).toBeLessThan(2e-6);
      });
    }));

  test("x = polar(x) · P with P = VΣVᵀ symmetric, and u diag(s) vt = x", () =>
    forAll(samples(), (s) => {
      const x = arrayOf(s);
      const size = Math.max(1e-30, ...entries(x.ref).map(Math.abs));
      const p = np.matmul(transpose(polar(x.ref)), x.ref);
      expect(maxDifference(p.ref, transpose(p))).toBeLessThan(1e-5 * size * Math.sqrt(s.m * s.n));
      const { u, s: sigma, vt } = svd(x.ref);
      expect(maxDifference(np.matmul(u.mul(sigma), vt), x)).toBeLessThan(2e-6 * size * Math.sqrt(s.m * s.n));
    }));

  test("singular values below nullBelow count as zero", () => {
    const x = (): np.Array => np.diag(np.array([1, 1e-3, 1e-5]));
    expect(entries(polar(x()))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(entries(polar(x(), { method: "svd", nullBelow: 1e-4 }))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(entries(singularValues(x(), { nullBelow: 1e-2 }))).toEqual([1, 0, 0]);
  });

  test("svd and singularValues leak nothing", async () => {
    for (const shape of [
      [3, 8],
      [8, 3],
    ]) {
      expect(await leakedBuffers(() => singularValues(np.ones(shape)).js())).toBe(0);
      const all = (): unknown => Object.values(svd(np.ones(shape))).map((part: np.Array) => part.js());
      expect(await leakedBuffers(all)).toBe(0);
    }
  });

  test("hand-computed: the polar factor of a scaled rotation is the rotation", () => {
    const rotation = [
      [0.6, -0.8],
      [0.8, 0.6],
    ];
    expect(maxDifference(polar(np.array(rotation).mul(1e-30)), np.array(rotation))).toBeLessThan(2e-7);
  });

  test("polarExpress in 14 steps agrees with polar", () =>
    forAll(samples("gaussian"), (s) => {
      const approximate = polarExpress(arrayOf(s), { steps: 14 });
      const sigma = entries(singularValues(arrayOf(s)));
      const condition = (sigma[0] ?? 0) / (sigma.at(-1) ?? 1);
      expect(maxDifference(approximate, polar(arrayOf(s)))).toBeLessThan(2e-6 * condition + 1e-5);
    }));
});

describe("semiOrthogonal", () => {
  // 14 float32 steps on 40 columns: 1e-6. The largest case is square, the worst conditioned.
  test.each([
    [1, 1],
    [1, 7],
    [40, 40],
    [12, 40],
    [40, 12],
  ])("singular values of [%i, %i] are 1", (m, n) => {
    for (let seed = 0; seed < 5; seed++) {
      const q = semiOrthogonal(random.key(seed), [m, n]);
      const small = m > n ? np.matmul(transpose(q.ref), q) : np.matmul(q.ref, transpose(q));
      expect(identityError(small)).toBeLessThan(3e-6);
    }
  });

  test("a batch has different members, and the key decides", () => {
    const [a, b] = [0, 1].map((i) => semiOrthogonal(random.key(3), [2, 4, 4]).slice(i));
    if (a === undefined || b === undefined) throw new Error("internal");
    expect(maxDifference(a, b)).toBeGreaterThan(0.1);
    const again = semiOrthogonal(random.key(3), [4, 4]);
    expect(maxDifference(again, semiOrthogonal(random.key(3), [4, 4]))).toBe(0);
  });

  test("entries have mean 0 and variance 1/n, as for a uniformly random frame", () => {
    const all = entries(semiOrthogonal(random.key(11), [200, 4, 4]));
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(0.25 / all.length)); // 4 standard errors
    const fourth = all.reduce((sum, value) => sum + value ** 4, 0) / all.length;
    expect(Math.abs(fourth - 3 / (4 * 6))).toBeLessThan(0.012); // E q⁴ = 3/(n(n+2)); 4 standard errors
  });

  test("leaks nothing", async () =>
    expect(await leakedBuffers(() => semiOrthogonal(random.key(1), [4, 6]).js())).toBe(0));
});

describe("powerIteration", () => {
  const run = (x: np.Array, steps: number): { sigma: number; u: number[]; v: number[] } => {
    const { sigma, u, v } = powerIteration(x, { steps });
    return { sigma: sigma.item(), u: entries(u), v: entries(v) };
  };

  test("sigma grows with the steps, never above the largest singular value, and is uᵀxv", () =>
    forAll(samples("gaussian", "illConditioned", "rankDeficient"), (s) => {
      const [top = 0] = entries(singularValues(arrayOf(s)));
      let last = 0;
      for (const steps of [1, 2, 4, 8]) {
        const { sigma, u, v } = run(arrayOf(s), steps);
        expect(sigma).toBeGreaterThan(last - 1e-6 * top);
        expect(sigma).toBeLessThan(top * (1 + 1e-6));
        const image = np.matmul(arrayOf(s), np.array(v));
        expect(Math.abs(np.dot(np.array(u), image).item() - sigma)).toBeLessThan(2e-6 * top);
        expect(Math.hypot(...u)).toBeCloseTo(1, 5);
        expect(Math.hypot(...v)).toBeCloseTo(1, 5);
        last = sigma;
      }
    }));

  test("hand-computed: a rank-one matrix is exact after one step", () => {
    const { sigma, u, v } = run(np.outer(np.array([3, 4]), np.array([0, 0, 2])), 1);
    expect(sigma).toBeCloseTo(10, 5);
    expect(u[0]).toBeCloseTo(0.6, 6);
    expect(u[1]).toBeCloseTo(0.8, 6);
    expect(v).toEqual([0, 0, 1]);
  });

  test("zero gives zeros; tiny and huge matrices lose nothing", () => {
    expect(run(np.zeros([3, 2]), 5)).toEqual({ sigma: 0, u: [0, 0, 0], v: [0, 0] });
    const x = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 2 });
    const plain = run(x(), 6);
    for (const exponent of [-100, 100]) {
      const scaled = run(x().mul(2 ** exponent), 6);
      expect(scaled.sigma / 2 ** exponent / plain.sigma).toBeCloseTo(1, 6);
      expect(maxDifference(np.array(scaled.v), np.array(plain.v))).toBeLessThan(1e-6);
    }
  });

  test("a warm start continues: 3 steps and 3 more are 6", () => {
    const x = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 9 });
    const { sigma, u, v } = powerIteration(x(), { steps: 3 });
    sigma.dispose();
    u.dispose();
    const warm = powerIteration(x(), { steps: 3, start: v });
    expect(maxDifference(warm.v, np.array(run(x(), 6).v))).toBeLessThan(1e-6);
    warm.sigma.dispose();
    warm.u.dispose();
  });

  test("batches, jit, leaks, errors", async () => {
    const batch = np.stack([1, 2].map((seed) => arrayOf({ kind: "gaussian", m: 4, n: 3, seed })));
    const { sigma, u, v } = powerIteration(batch.ref, { steps: 4 });
    expect([sigma.shape, u.shape, v.shape]).toEqual([[2], [2, 4], [2, 3]]);
    u.dispose();
    v.dispose();
    const compiled = jit((x: np.Array) => {
      const triple = powerIteration(x, { steps: 4 });
      triple.u.dispose();
      triple.v.dispose();
      return triple.sigma;
    });
    expect(maxDifference(compiled(batch.ref), sigma)).toBeLessThan(1e-5);
    compiled.dispose();
    const work = (): unknown => {
      const triple = powerIteration(np.ones([3, 2]), { steps: 2 });
      return [triple.sigma.js(), triple.u.js(), triple.v.js()];
    };
    expect(await leakedBuffers(work)).toBe(0);
    expect(() => powerIteration(batch.ref, { steps: 0 })).toThrow("steps must be a positive integer, got 0");
    expect(() => powerIteration(batch, { start: np.ones([4]) })).toThrow("shape [2,3]; got [4]");
  });
});

describe("AOL row scaling", () => {
  const options = { coefficients: [[1, 0, 0]], normalization: "aol" } as const;
  const scaled = (x: np.Array): np.Array => newtonSchulz(x, options);

  test("brings the largest singular value to 1 or below, of rank one to 1 exactly; zero stays zero", () => {
    forAll(samples("gaussian", "illConditioned", "rankDeficient", "zeroRows"), (s) => {
      expect(Math.max(...entries(singularValues(scaled(arrayOf(s)))))).toBeLessThan(1 + 1e-6);
    });
    const one = np.matmul(np.array([[1], [-2], [3]]), np.array([[0.5, 4]]));
    expect(Math.max(...entries(singularValues(scaled(one))))).toBeCloseTo(1, 6);
    expect(entries(scaled(np.zeros([2, 3])))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("of a matrix with orthogonal rows of any lengths is exactly its polar factor, wide or tall", () => {
    const x = np.array([
      [3, 0, 0],
      [0, 0, -1e-3],
    ]);
    const expected = [1, 0, 0, 0, 0, -1];
    expect(maxDifference(scaled(x.ref), np.array(expected).reshape([2, 3]))).toBeLessThan(1e-6);
    expect(maxDifference(transpose(scaled(transpose(x))), np.array(expected).reshape([2, 3]))).toBeLessThan(
      1e-6,
    );
  });

  test("Muon's coefficients after it do not turn a rank-one update around, aol4 does", () => {
    const one = (): np.Array => np.matmul(np.array([[1], [-2]]), np.array([[0.5, 4, 1]]));
    const along = (coefficients: "keller" | "aol4"): number =>
      np.sum(newtonSchulz(one(), { coefficients, normalization: "aol" }).mul(one())).item();
    expect(along("keller")).toBeGreaterThan(0);
    expect(along("aol4")).toBeLessThan(0);
  });

  test("leaks nothing", async () => {
    expect(await leakedBuffers(() => scaled(np.ones([2, 3])).js())).toBe(0);
  });
});
