import { jit, numpy as np } from "@jax-js/jax";
import { applyUpdates, refTree, type Transform, type Tree } from "steepest";
import { createNorm, type Norm, type NormName, normNames } from "steepest/norms";
import { growingMomentum, rateAt } from "steepest/schedules";
import {
  clippedConditionalGradient,
  conditionalGradient,
  layerNorms,
  shortStep,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import {
  clippedBound,
  dualFactor,
  leastSquaresLipschitz,
  meanEstimatorError,
  noisyClippedBound,
  noisyShortStepBound,
  noisyStepsToReach,
  productDualFactor,
  relaxedConditionalGradientBound,
  scgBound,
  shortStepBound,
  stepsToReach,
  uscgBound,
} from "steepest/theory";
import { afterAll, describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { leastSquares } from "./support/leastSquares.ts";
import { compiledUpdate } from "./support/trees.ts";

const exact = { polar: "svd", dual: "oracle" } as const;
const [m, n] = [4, 6];
const problem = leastSquares(m, n, 3);
const gap = problem.value(problem.start.ref).item();
const norms = {
  frobenius: createNorm("frobenius"),
  operator: createNorm("operator", exact),
  nuclear: createNorm("nuclear"),
  max: createNorm("max"),
} as const;
type Name = keyof typeof norms;
const names = Object.keys(norms) as Name[];
const smoothnessIn = (name: Name): number => leastSquaresLipschitz(name, problem.a, problem.b);

/** Gaussian numbers of variance 1, the same for the same seed. */
function* gaussians(seed: number): Generator<number, never> {
  let state = seed * 2654435761 + 1;
  const uniform = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 3266489917);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
  for (;;) yield Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

interface Seen {
  /** ‖∇F(x_k)‖_* */
  readonly dual: number;
  /** ⟨∇F(x_k), x_k⟩ */
  readonly inner: number;
}

/** What the exact gradients were along a run whose gradients have noise of E‖ξ‖_F² = sigma². */
function run(name: Name, method: Transform, steps: number, sigma = 0, seed = 1): Seen[] {
  const norm: Norm = norms[name];
  const look = jit((x: np.Array, g: np.Array) => [norm.dual(g.ref), np.sum(x.mul(g))]);
  const normal = gaussians(seed);
  const { update, dispose } = compiledUpdate(method);
  let params: Tree = { x: problem.start.ref };
  let state: Tree = method.init(refTree(params));
  const seen = Array.from({ length: steps }, (): Seen => {
    const { x } = params as { x: np.Array };
    const gradient = problem.gradient(x.ref);
    const [dual, inner] = look(x.ref, gradient.ref) as [np.Array, np.Array];
    const noise = Float64Array.from(
      { length: m * n },
      () => (sigma / Math.sqrt(m * n)) * normal.next().value,
    );
    const noisy = sigma === 0 ? gradient : gradient.add(np.array(noise, { shape: [m, n] }));
    const [updates, next] = update({ x: noisy }, state, refTree(params));
    state = next;
    params = applyUpdates(params, updates);
    return { dual: dual.item(), inner: inner.item() };
  });
  for (const leaf of [params, state]) disposeAll(leaf);
  dispose();
  look.dispose();
  return seen;
}

const disposeAll = (tree: Tree): void => {
  for (const leaf of Object.values(tree)) {
    if (leaf instanceof np.Array) leaf.dispose();
    else disposeAll(leaf as Tree);
  }
};

const leastDual = (seen: readonly Seen[], steps: number): number =>
  Math.min(...seen.slice(0, steps).map(({ dual }) => dual));
const leastGap = (seen: readonly Seen[], steps: number, radius: number): number =>
  Math.min(...seen.slice(0, steps).map(({ dual, inner }) => inner + radius * dual));
/** Bounds hold for every n of these. */
const horizons = [1, 3, 10, 30, 100];
const longest = Math.max(...horizons);
const layersOf = (name: Name) => layerNorms(() => ({ norm: norms[name], radius: 1 }));

describe.each(names)("exact gradients in the norm %s", (name) => {
  const smoothness = smoothnessIn(name);

  test.each([0.1, 1, 5])(
    "uCG of length %d times Δ^½ stays below Proposition 4.1 and its relaxed form",
    (size) => {
      const learningRate = (size * Math.sqrt(gap)) / Math.sqrt(smoothness);
      const seen = run(name, unconstrainedConditionalGradient(norms[name], { learningRate }), longest);
      for (const steps of horizons) {
        const setting = { gap, steps, learningRate };
        expect(leastDual(seen, steps)).toBeLessThanOrEqual(uscgBound({ ...setting, smoothness }));
        const relaxed = relaxedConditionalGradientBound({ ...setting, threshold: 1, l0: smoothness, l1: 0 });
        expect(leastDual(seen, steps)).toBeLessThanOrEqual(relaxed);
      }
    },
  );

  test.each([0.3, 3, Number.POSITIVE_INFINITY])(
    "GGNC with threshold %d stays below Theorem 4.3",
    (threshold) => {
      const learningRate = 1 / smoothness;
      const method = clippedConditionalGradient(layersOf(name), { learningRate, threshold });
      const seen = run(name, method, longest);
      for (const steps of horizons) {
        const bound = clippedBound({ gap, steps, learningRate, threshold, l0: smoothness, l1: 0 });
        expect(leastDual(seen, steps)).toBeLessThanOrEqual(bound);
      }
    },
  );

  test.each(["diameter", "primalNorm"] as const)("the short step, %s, stays below Theorem 4.7", (variant) => {
    const radius = 1.5;
    const [learningRate, threshold] = [1 / smoothness, smoothness];
    const method = shortStep(layersOf(name), { learningRate, threshold, radius, variant });
    const seen = run(name, method, longest);
    for (const steps of horizons) {
      const bound = shortStepBound({ gap, steps, learningRate, threshold, radius, smoothness });
      expect(leastGap(seen, steps, radius)).toBeLessThanOrEqual(bound);
    }
  });

  test("SCG stays below its bound, and Lemma 6 keeps its word", () => {
    const radius = 1.5;
    for (const learningRate of [0.01, 0.2]) {
      const seen = run(name, conditionalGradient(norms[name], { learningRate, radius }), longest);
      for (const steps of horizons) {
        const bound = scgBound({ gap, steps, learningRate, smoothness, radius });
        expect(leastGap(seen, steps, radius)).toBeLessThanOrEqual(bound);
      }
    }
    const accuracy = Math.sqrt((2 * smoothness * gap) / 60); // 60 steps
    const plan = stepsToReach({ smoothness, gap, accuracy });
    expect(plan.steps).toBeGreaterThan(1);
    const seen = run(name, unconstrainedConditionalGradient(norms[name], plan), plan.steps);
    expect(leastDual(seen, plan.steps)).toBeLessThanOrEqual(accuracy);
  });
});

describe.each(["frobenius", "operator"] as const)("noise of known variance in the norm %s", (name) => {
  const smoothness = smoothnessIn(name);
  const sigma = 2;
  const factor = dualFactor(name, [m, n]);
  const norm = norms[name];
  const seeds = [1, 2];
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  // Methods know how many steps they will make: each horizon is a run of its own. The mean over seeds is what is bounded.
  const noisyHorizons = [10, 60];

  test.each([
    ["constant α", () => 0.1],
    ["α = 1/√k", (k: number) => 1 / Math.sqrt(k)],
  ])("uSCG and SCG with %s stay below their rates", (label, alpha) => {
    const momentum = label === "constant α" ? 0.9 : growingMomentum();
    for (const steps of noisyHorizons) {
      const learningRate = 3 / (4 * steps ** 0.75);
      const noise = { alpha, sigma, factor };
      const options = { learningRate, momentum, momentumStart: "gradient" as const, radius: 1.5 };
      const setting = { gap, steps, learningRate, smoothness, radius: 1.5, noise };
      const free = seeds.map((seed) =>
        leastDual(run(name, unconstrainedConditionalGradient(norm, options), steps, sigma, seed), steps),
      );
      expect(mean(free)).toBeLessThanOrEqual(uscgBound(setting));
      const inside = seeds.map((seed) =>
        leastGap(run(name, conditionalGradient(norm, options), steps, sigma, seed), steps, 1.5),
      );
      expect(mean(inside)).toBeLessThanOrEqual(scgBound(setting));
    }
  });

  test("GGNC and the short step stay below Theorems 4.9 and 4.11", () => {
    for (const steps of noisyHorizons) {
      const alpha = 1 / Math.sqrt(steps);
      const learningRate = 1 / (smoothness * Math.sqrt(steps));
      const threshold = steps ** -0.25;
      const shared = { learningRate, threshold, momentum: 1 - alpha, momentumStart: "gradient" as const };
      const setting = { gap, steps, learningRate, smoothness, threshold, alpha, sigma, factor };
      const free = seeds.map((seed) =>
        leastDual(run(name, clippedConditionalGradient(layersOf(name), shared), steps, sigma, seed), steps),
      );
      expect(mean(free)).toBeLessThanOrEqual(noisyClippedBound(setting));
      const radius = 1.5;
      const inside = seeds.map((seed) =>
        leastGap(
          run(name, shortStep(layersOf(name), { ...shared, radius }), steps, sigma, seed),
          steps,
          radius,
        ),
      );
      expect(mean(inside)).toBeLessThanOrEqual(noisyShortStepBound({ ...setting, radius }));
    }
  });

  test("Lemma 7 promises steps whose bound is the accuracy that was asked for", () => {
    for (const accuracy of [10, 1, 0.1]) {
      const { learningRate, alpha, steps } = noisyStepsToReach({ smoothness, gap, accuracy, sigma, factor });
      const checked = Math.min(steps, 200_000); // the bound falls with the steps
      const noise = { alpha, sigma, factor };
      const bound = uscgBound({ gap, steps: checked, learningRate, smoothness, noise });
      if (checked === steps) expect(bound).toBeLessThanOrEqual(accuracy);
      const again = noisyStepsToReach({ smoothness, gap, accuracy: accuracy / 2, sigma, factor });
      expect(again.steps).toBeGreaterThan(steps);
    }
  });
});

test("rates have the orders of the theorems: constant α keeps a floor, vanishing α does not", () => {
  const at = (steps: number, alpha: number | ((k: number) => number), learningRate: number): number =>
    uscgBound({ gap: 1, steps, learningRate, smoothness: 1, noise: { alpha, sigma: 1, factor: 1 } });
  const constant = [1e3, 1e5].map((steps) => at(steps, 0.1, 1 / Math.sqrt(steps)));
  expect(constant[1]).toBeGreaterThan(2 * Math.sqrt(0.1 / 1.9)); // the noise that is left
  const vanishing = [1e3, 1e5].map((steps) => at(steps, (k) => 1 / Math.sqrt(k), 3 / (4 * steps ** 0.75)));
  expect((vanishing[0] ?? 0) / (vanishing[1] ?? 1)).toBeCloseTo(100 ** 0.25, 0); // n^−¼
  const clipped = [1e3, 1e5].map((steps) => {
    const root = 1 / Math.sqrt(steps);
    const setting = { gap: 1, smoothness: 1, sigma: 1, factor: 1, alpha: root, learningRate: root };
    return noisyClippedBound({ ...setting, steps, threshold: steps ** -0.25 });
  });
  expect((clipped[0] ?? 0) / (clipped[1] ?? 1)).toBeCloseTo(100 ** 0.25, 0);
});

test("the factor 2 in the root of Theorem 4.3 is needed", () => {
  // f = ½x² from x = 1: one gradient of size 1, Δ = ½, γ = 1.
  const setting = { gap: 0.5, steps: 1, learningRate: 1, l0: 1, l1: 0 };
  expect(clippedBound({ ...setting, threshold: Number.POSITIVE_INFINITY })).toBe(1);
  expect(Math.sqrt(0.5)).toBeLessThan(1); // √(Δ/(γn))
});

test("the error of an average by hand", () => {
  const setting = { alpha: 0.5, noise: 2, factor: 3, drift: 1 };
  expect(meanEstimatorError(1, setting)).toBe(6);
  // b₂ = ½·1, s₂² = ¼·4 + ¼·4 = 2
  expect(meanEstimatorError(2, setting)).toBeCloseTo((6 + 0.5 + 3 * Math.SQRT2) / 2, 12);
  expect(meanEstimatorError(50, { ...setting, alpha: 1 })).toBe(6); // no average: no bias, all of the noise
});

const perShape: Readonly<Partial<Record<NormName, readonly number[]>>> = {
  spectral_conv: [3, 2, 2, 2],
  bias_rms: [5],
  bias_sign: [5],
};
test.each(normNames().map((name) => [name]))(
  "dualFactor of %s is the largest dual norm of a unit matrix",
  (name) => {
    const shape = perShape[name] ?? [3, 5];
    const count = shape.reduce((product, size) => product * size, 1);
    const [rows = 1] = shape;
    const columns = count / rows;
    const norm = createNorm(name, name === "schatten_p" ? { p: 4 } : name === "kyfan_dual_k" ? { k: 2 } : {});
    const factor = dualFactor(name, shape, { p: 4, k: 2 });
    const size = (entry: (i: number, j: number) => number): number => {
      const values = Array.from({ length: count }, (_, at) => entry(Math.floor(at / columns), at % columns));
      const length = Math.hypot(...values);
      return norm
        .dual(
          np.array(
            Float64Array.from(values, (x) => x / length),
            { shape: [...shape] },
          ),
        )
        .item();
    };
    const largest = Math.max(
      size(() => 1),
      size((i, j) => (i === j ? 1 : 0)),
      size((i, j) => (i === j && i < 2 ? 1 : 0)),
      size((i, j) => (i === 0 && j === 0 ? 1 : 0)),
      size((_, j) => (j === 0 ? 1 : 0)),
    );
    expect(largest).toBeLessThanOrEqual(factor * 1.002); // iterative polar factors
    expect(largest).toBeGreaterThan(factor * (/spectral|auto/.test(name) ? 0.6 : 0.999999));
    const normal = gaussians(7);
    expect(size(() => normal.next().value)).toBeLessThanOrEqual(factor * 1.14);
  },
);

test("factors of a product, and what is no shape, norm or assumption", () => {
  expect(productDualFactor([3, 4])).toBe(5);
  expect(() => dualFactor("spektral", [2, 2])).toThrow(/did you mean "spectral"/);
  expect(() => dualFactor("operator", [2.5, 2])).toThrow(/whole number/);
  expect(() => clippedBound({ gap: 1, steps: 1, learningRate: 2, threshold: 1, l0: 1, l1: 0 })).toThrow(
    /γ ≤ 1/,
  );
  expect(() => uscgBound({ gap: 1, steps: 0, learningRate: 1, smoothness: 1 })).toThrow(/steps/);
  const short = { gap: 1, steps: 1, learningRate: 0.5, radius: 1, smoothness: 1 };
  expect(() => shortStepBound({ ...short, threshold: 3 })).toThrow(/γρ ≤ 1/);
});

test("momentum that grows starts at the gradient and forgets ever more slowly", () => {
  const grow = growingMomentum();
  expect([0, 3, 99].map((count) => rateAt(grow, count))).toEqual([0, 0.5, expect.closeTo(0.9, 6)]);
  expect(() => growingMomentum({ power: 0 })).toThrow(/power/);
});

test("a momentum schedule averages as its formula says and forgets no array", async () => {
  const method = unconstrainedConditionalGradient(norms.frobenius, {
    learningRate: 1,
    momentum: growingMomentum({ power: 1 }), // the mean of all gradients
  });
  const gradients = [
    [3, 0],
    [-1, 0],
    [4, 8],
  ];
  const steps: number[][] = [];
  const left = await leakedBuffers(() => {
    steps.length = 0;
    let state: Tree = method.init({ x: np.zeros([1, 2]) });
    for (const gradient of gradients) {
      const [updates, next] = method.update({ x: np.array([gradient]) }, state, { x: np.zeros([1, 2]) });
      state = next;
      const { x } = updates as { x: np.Array };
      steps.push([...x.dataSync()]);
    }
    disposeAll(state);
  });
  expect(left).toBe(0);
  const directions = [
    [3, 0],
    [1, 0],
    [2, 8 / 3],
  ].map((mean) => mean.map((value) => -value / Math.hypot(...mean)));
  for (const [k, step] of steps.entries())
    for (const [i, value] of step.entries()) expect(value).toBeCloseTo(directions[k]?.[i] ?? Number.NaN, 5);
});

afterAll(() => {
  for (const array of [problem.start, ...Object.values(problem.matrices)]) array.dispose();
});
