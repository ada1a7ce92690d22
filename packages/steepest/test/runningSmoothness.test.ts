import { jit, numpy as np } from "@jax-js/jax";
import {
  estimateSmoothness,
  type RunningSmoothnessState,
  runningSmoothness,
  type SmoothnessPoint,
  smoothnessSample,
} from "steepest/monitors";
import { createNorm } from "steepest/norms";
import { layerNorms } from "steepest/steps";
import { describe, expect, test } from "vitest";
import { leastSquares } from "./support/leastSquares.ts";

type Point = readonly [gradientNorm: number, ratio: number, weight?: number];

const sample = ([gradientNorm, ratio, weight = 1]: Point) => ({
  gradientNorm: np.array(gradientNorm),
  ratio: np.array(ratio),
  weight: np.array(weight),
});

function estimateOf(points: readonly Point[], decay?: number) {
  const { init, observe, estimate } = runningSmoothness(decay === undefined ? {} : { decay });
  const state = points.reduce((s, point) => observe(s, sample(point)), init());
  const { l0, l1, error } = estimate(state);
  return { l0: l0.item(), l1: l1.item(), error: error.item() };
}

const asPoints = (points: readonly Point[]): SmoothnessPoint[] =>
  points.map(([gradientNorm, ratio]) => ({ gradientNorm, ratio }));

/** Points around a line, a in (0, `width`). */
const cloud = (l0: number, l1: number, noise: number, width = 4): Point[] =>
  Array.from({ length: 40 }, (_, i) => {
    const a = width * (0.5 + 0.5 * Math.sin(7 * i));
    return [a, Math.max(0, l0 + l1 * a + noise * Math.cos(11 * i))];
  });

describe("runningSmoothness", () => {
  test.each<[string, Point[]]>([
    ["a line", cloud(3, 2, 0)],
    ["noise around a line", cloud(3, 2, 1)],
    ["a falling line, L1 = 0", cloud(5, -1, 0.2)],
    ["a line below zero, L0 = 0", cloud(-2, 3, 0.2)],
    ["one point", [[2, 6]]],
    ["one abscissa", [0.5, 1, 3].map((y) => [2, y])],
    ["a constant", cloud(4, 0, 0)],
  ])("without forgetting it is the batch fit: %s", (_, points) => {
    const { fit } = estimateSmoothness(asPoints(points));
    const { l0, l1, error } = estimateOf(points, 1);
    expect(l0).toBeCloseTo(fit.l0, 4);
    expect(l1).toBeCloseTo(fit.l1, 4);
    const mean = points.reduce((sum, [a, y]) => sum + (y - fit.l0 - fit.l1 * a) ** 2, 0) / points.length;
    expect(error).toBeCloseTo(Math.sqrt(mean), 3); // the root of a difference of sums of about 100 in float32
  });

  test("with forgetting it is the minimum of the weighted sum, also at its edges", () => {
    for (const [l0, l1] of [
      [3, 2],
      [5, -1],
      [-2, 3],
    ] as const) {
      const points = cloud(l0, l1, 1);
      const cost = (x: number, y: number): number =>
        points.reduce(
          (sum, [a, ratio], i) => sum + 0.9 ** (points.length - 1 - i) * (x + y * a - ratio) ** 2,
          0,
        );
      const found = estimateOf(points, 0.9);
      const best = cost(found.l0, found.l1);
      for (const [dx, dy] of [
        [0.01, 0],
        [-0.01, 0],
        [0, 0.01],
        [0, -0.01],
        [0.01, -0.01],
        [-0.01, 0.01],
      ] as const) {
        const [x, y] = [Math.max(0, found.l0 + dx), Math.max(0, found.l1 + dy)];
        expect(cost(x, y)).toBeGreaterThanOrEqual(best - 1e-4);
      }
    }
  });

  test("follows a change, and keeps its digits where the gradient hardly varies", () => {
    const changed = estimateOf([...cloud(3, 2, 0), ...cloud(1, 5, 0), ...cloud(1, 5, 0)], 0.8);
    expect(changed.l0).toBeCloseTo(1, 3);
    expect(changed.l1).toBeCloseTo(5, 3);
    // a = 1000 … 1004: the sums of squares alone would cancel to nothing in float32.
    const far = estimateOf(
      cloud(3, 2, 0).map(([a]) => [1000 + a, 3 + 2 * (1000 + a)]),
      1,
    );
    expect(far.l1).toBeCloseTo(2, 2);
    // Differences that are rounding say nothing of L1.
    expect(
      estimateOf(
        [
          [1, 4],
          [1 + 2e-7, 9],
          [1, 5],
        ],
        1,
      ).l1,
    ).toBe(0);
  });

  test("what says nothing changes nothing: no step, NaN, infinity", () => {
    const points = cloud(3, 2, 0.3);
    const dirty: Point[] = [
      [1, 0, 0],
      ...points.slice(0, 20),
      [Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
      [2, 0, 0],
      ...points.slice(20),
    ];
    expect(estimateOf(dirty, 0.9)).toEqual(estimateOf(points, 0.9));
    expect(estimateOf([])).toEqual({ l0: 0, l1: 0, error: 0 });
  });

  test("compiled it gives the same; refuses a decay outside (0, 1]", () => {
    const { init, observe, estimate } = runningSmoothness({ decay: 0.9 });
    const compiled = jit((state: RunningSmoothnessState, a: np.Array, ratio: np.Array, weight: np.Array) =>
      observe(state, { gradientNorm: a, ratio, weight }),
    );
    const points = cloud(3, 2, 0.3);
    let state = init();
    for (const [a, ratio] of points) state = compiled(state, np.array(a), np.array(ratio), np.array(1));
    const { l0, l1, error } = estimate(state);
    const eager = estimateOf(points, 0.9);
    expect(l0.item()).toBeCloseTo(eager.l0, 4);
    expect(l1.item()).toBeCloseTo(eager.l1, 4);
    expect(error.item()).toBeCloseTo(eager.error, 4);
    compiled.dispose();
    for (const decay of [0, 1.5, Number.NaN])
      expect(() => runningSmoothness({ decay })).toThrow(/decay must be in \(0, 1\]/);
  });
});

describe("along a run, the sample taken in the same compiled step", () => {
  test("a quadratic of one curvature: L0 = L, L1 = 0", () => {
    const norm = layerNorms(() => ({ norm: createNorm("frobenius"), radius: 1 }))({ x: np.zeros([3]) });
    const { init, observe, estimate } = runningSmoothness();
    let state = init();
    for (let k = 1; k <= 20; k++) {
      const [x, move] = [np.array([1, 2, -1]).mul(1 / k), np.array([k, 1, 2])];
      const after = x.ref.add(move.ref).mul(2.5);
      state = observe(state, smoothnessSample(norm, { x: x.mul(2.5) }, { x: after }, { x: move }));
    }
    const { l0, l1, error } = estimate(state);
    expect(l0.item()).toBeCloseTo(2.5, 4);
    expect(l1.item()).toBeCloseTo(0, 4);
    expect(error.item()).toBeLessThan(1e-4);
  });

  test("a quadratic of many: Λ ≤ L in the norm, and so the estimate at every gradient of the run", () => {
    const problem = leastSquares(4, 5, 1);
    const norm = layerNorms(() => ({ norm: createNorm("frobenius"), radius: 1 }))({ w: problem.start });
    const { init, observe, estimate } = runningSmoothness({ decay: 1 });
    const step = jit((x: np.Array, state: RunningSmoothnessState): [np.Array, RunningSmoothnessState] => {
      const before = problem.gradient(x.ref);
      const move = before.ref.mul(-0.5);
      const next = x.add(move.ref);
      const seen = smoothnessSample(norm, { w: before }, { w: problem.gradient(next.ref) }, { w: move });
      return [next, observe(state, seen)];
    });
    let x = problem.start.ref;
    let state = init();
    for (let k = 0; k < 30; k++) [x, state] = step(x, state);
    const { l0, l1 } = estimate(state);
    const l = (problem.a[0] ?? 0) * (problem.b[0] ?? 0);
    const [first, second] = [l0.item(), l1.item()];
    expect(first).toBeGreaterThan(0);
    // The bound L0 + L1·a at the largest gradient, where Λ is largest on a quadratic.
    expect(first).toBeLessThanOrEqual(l);
    const largest = norm.dual({ w: problem.gradient(problem.start.ref) }).item();
    expect(first + second * largest).toBeLessThanOrEqual(l * 1.05);
    x.dispose();
    step.dispose();
  });

  test.each([0.5, 1, 2])("cosh(%d·x): L1 about c and L0 below c²", (c) => {
    const norm = layerNorms(() => ({ norm: createNorm("max"), radius: 1 }))({ x: np.zeros([1]) });
    const { init, observe, estimate } = runningSmoothness({ decay: 1 });
    const slope = (x: np.Array): np.Array => np.sinh(x.mul(c)).mul(c);
    const seen = jit((x: np.Array) => {
      const move = np.full([1], -0.01);
      return smoothnessSample(norm, { x: slope(x.ref) }, { x: slope(x.add(move.ref)) }, { x: move });
    });
    let state = init();
    for (let k = 0; k < 40; k++) state = observe(state, seen(np.array([(4 - k / 10) / c])));
    const { l0, l1 } = estimate(state);
    const [first, second] = [l0.item(), l1.item()];
    // f'' = c²√(1 + (f'/c)²) lies between c|f'| and c² + c|f'|.
    expect(second / c).toBeGreaterThan(0.9);
    expect(second / c).toBeLessThan(1.1);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(c * c);
    seen.dispose();
  });
});
