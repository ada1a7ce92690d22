import { numpy as np } from "@jax-js/jax";
import { describeOptimizer } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  type Coefficients,
  coefficientSet,
  gramNewtonSchulz,
  gramNewtonSchulzFlops,
  gramRestarts,
  newtonSchulz,
  newtonSchulzFlops,
  polarExpressRaw,
  scheduleFor,
  stripCount,
  symmetricShare,
  withSafety,
} from "../src/matrix/index.ts";
import {
  addIdentity,
  cutStrips,
  joinStrips,
  refStrips,
  symmetricProduct,
} from "../src/matrix/symmetricStrips.ts";
import { arrayOf, maxDifference } from "./matrixSamples.ts";
import { withSpectrum } from "./support/spectrum.ts";

const gaussian = (m: number, n: number): np.Array => arrayOf({ kind: "gaussian", m, n, seed: 1 });

describe("products of strips", () => {
  test("one strip below 512 rows, then one for each 256, at most 4", () => {
    expect([1, 511, 512, 767, 768, 1024, 4096].map(stripCount)).toEqual([1, 1, 4, 4, 4, 4, 4]);
    expect([256, 512, 1024].map(symmetricShare)).toEqual([1, 0.625, 0.625]);
  });

  // 515 rows make strips of 258 and 257.
  test.each([5, 515])("x xᵀ of %i rows, its square and its shift are those of the whole matrix", (rows) => {
    const x = gaussian(rows, 7).mul(1 / Math.sqrt(rows));
    const whole = np.matmul(x.ref, np.matrixTranspose(x.ref));
    const strips = symmetricProduct(cutStrips(x.ref), cutStrips(x));
    const square = joinStrips(symmetricProduct(refStrips(strips), refStrips(strips)));
    // Sums of 7 and of 515 products of numbers below 1, float32.
    expect(maxDifference(square, np.matmul(whole.ref, whole.ref))).toBeLessThan(2e-6);
    expect(maxDifference(joinStrips(addIdentity(strips, 3)), whole.add(np.eye(rows).mul(3)))).toBeLessThan(
      1e-6,
    );
  });

  test("off the diagonal blocks the product is symmetric to the last bit", () => {
    const x = gaussian(515, 7);
    const product = joinStrips(symmetricProduct(cutStrips(x.ref), cutStrips(x)));
    expect(
      maxDifference(product.ref.slice([0, 258], [258]), np.matrixTranspose(product.slice([258], [0, 258]))),
    ).toBe(0);
  });

  test("a batch is its matrices, and nothing leaks", async () => {
    const [one, two] = [gaussian(515, 3), gaussian(515, 3).mul(2)];
    const run = (x: np.Array): np.Array => joinStrips(symmetricProduct(cutStrips(x.ref), cutStrips(x)));
    const together = run(np.stack([one.ref, two.ref]));
    expect(maxDifference(together, np.stack([run(one), run(two)]))).toBe(0);
    expect(await leakedBuffers(() => run(gaussian(515, 3)).js())).toBe(0);
  });
});

describe("large matrices", () => {
  test("every form is the same polynomial: [512, 800] and its transpose", async () => {
    const x = gaussian(512, 800);
    const standard = newtonSchulz(x.ref, { form: "standard" });
    const gram = gramNewtonSchulz(x.ref);
    // 1e-7 relative rounding of entries below 1, times the slope 485 of five steps at the smallest singular values.
    expect(maxDifference(gram, standard)).toBeLessThan(5e-5);
    // What "auto" takes here, 1.56 times as long as short: with two steps as with five.
    const two = gramNewtonSchulz(x.ref, { steps: 2 });
    let auto = new Float32Array();
    const leaked = await leakedBuffers(() => {
      auto = newtonSchulz(x.ref, { steps: 2 }).dataSync() as Float32Array<ArrayBuffer>;
    });
    expect(leaked).toBe(0);
    expect(maxDifference(np.array(auto), two.ref.ravel())).toBe(0);
    const turned = newtonSchulz(np.matrixTranspose(x), { steps: 2 });
    expect(maxDifference(turned, np.matrixTranspose(two))).toBeLessThan(5e-5);
  });

  test("the Gram form by name, of small ones too", () => {
    const x = gaussian(6, 20);
    expect(maxDifference(newtonSchulz(x.ref, { form: "gram" }), gramNewtonSchulz(x))).toBe(0);
  });

  test("square and small ones take the standard form", () => {
    for (const [m, n] of [
      [512, 512],
      [64, 512],
    ] as const)
      expect(
        maxDifference(
          newtonSchulz(gaussian(m, n), { steps: 2 }),
          newtonSchulz(gaussian(m, n), { steps: 2, form: "standard" }),
        ),
      ).toBe(0);
  });

  test("FLOPs with the share of the symmetric products, n = 1024", () => {
    const [n, m] = [1024, 4096];
    const size = { rows: m, columns: n, steps: 5 };
    expect(newtonSchulzFlops(size)).toBe(5 * (3.25 * n * n * m + 1.25 * n ** 3));
    expect(gramNewtonSchulzFlops(size)).toBe(6.5 * n * n * m + 17.5 * n ** 3);
  });
});

describe("where the Gram form starts anew", () => {
  const restartsOf = (name: string, steps: number): number[] =>
    gramRestarts(scheduleFor(coefficientSet(name), steps));

  test("one restart for the published five steps, more for longer schedules", () => {
    expect(restartsOf("polarExpress", 5)).toEqual([2]);
    expect(restartsOf("you5", 5)).toEqual([2]);
    expect(restartsOf("keller", 1)).toEqual([]);
    expect(restartsOf("keller", 10).length).toBeGreaterThan(restartsOf("keller", 5).length);
  });

  test("muon_gram restarts after its second step, as its authors' code, for its own coefficients", () => {
    const { coefficients, steps } = describeOptimizer("muon_gram").options;
    const own = coefficients?.default as readonly Coefficients[];
    expect(own).toEqual(withSafety(polarExpressRaw, 1.05).slice(0, 5));
    expect(steps?.default).toBe(5);
    expect(gramRestarts(own)).toEqual([2]);
    // Their rounding, that of half precision, asks for the same place.
    expect(gramRestarts(own, { rounding: 4e-4 })).toContain(2);
  });

  test("the stricter the limit and the coarser the numbers, the more restarts", () => {
    const schedule = scheduleFor(coefficientSet("polarExpress"), 8);
    const counts = [1e6, 1000, 100, 30].map((limit) => gramRestarts(schedule, { limit }).length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThan(counts[0] ?? 0);
    expect(gramRestarts(schedule, { rounding: 4e-4 }).length).toBeGreaterThanOrEqual(
      gramRestarts(schedule).length,
    );
  });

  test("they keep float32 exact where none do not: σᵢ = i^(−2.5), ten steps", () => {
    const options = { coefficients: "keller", steps: 10 } as const;
    const x = (): np.Array =>
      withSpectrum(
        24,
        48,
        Array.from({ length: 24 }, (_, i) => (i + 1) ** -2.5),
      );
    const exact = (): np.Array => newtonSchulz(x().astype(np.float64), options).astype(np.float32);
    const error = (restarts?: readonly number[]): number =>
      maxDifference(
        gramNewtonSchulz(x(), restarts === undefined ? options : { ...options, restarts }),
        exact(),
      );
    expect(error()).toBeLessThan(2e-4); // 2.4e-5, and 8e-6 in the standard form
    expect(error([])).toBeGreaterThan(100 * error());
  });
});
