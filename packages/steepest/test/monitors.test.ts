import { jit, numpy as np } from "@jax-js/jax";
import { applyUpdates, refTree, type Transform, type Tree } from "steepest";
import { createNorm } from "steepest/norms";
import {
  conditionalGradient,
  layerNorms,
  steepestDescent,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  boundUsed,
  estimateSmoothness,
  predictedDescent,
  type SmoothnessPoint,
  smoothnessSample,
  wolfeGap,
} from "../src/monitors/index.ts";
import { leastSquares } from "./support/leastSquares.ts";
import { array, wave } from "./support/trees.ts";

const exact = { polar: "svd", dual: "oracle" } as const;
const spectral = createNorm("operator", exact);
const layers = layerNorms(() => ({ norm: spectral, radius: 1 }));
const tree = (seed: number) => ({ a: array(wave(12, seed), [3, 4]), b: array(wave(12, seed + 1), [4, 3]) });
const product = layers(tree(0));

describe("wolfeGap", () => {
  test("is ≥ 0 in the ball, 0 at the vertex the gradient asks for, twice the dual at the opposite one", () => {
    const vertex = (): Tree => product.lmo(tree(3));
    const dual = product.dual(tree(3)).item();
    expect(wolfeGap(product, tree(3), vertex()).item()).toBeCloseTo(0, 5);
    const opposite = applyUpdates(vertex(), product.lmo(negated(tree(3))));
    expect(wolfeGap(product, tree(3), opposite).item()).toBeCloseTo(dual, 5); // the centre
    expect(wolfeGap(product, tree(3), product.lmo(negated(tree(3)))).item()).toBeCloseTo(2 * dual, 5);
    for (const seed of [1, 2, 5])
      expect(wolfeGap(product, tree(seed), product.lmo(tree(9))).item()).toBeGreaterThan(0);
  });

  test("bounds f − min over the ball for a convex quadratic", () => {
    const problem = leastSquares(4, 5, 2);
    const norm = layers({ w: problem.start });
    let x: Tree = { w: problem.start.ref };
    const method = conditionalGradient(spectral, { learningRate: 0.05, radius: 1 });
    const values: number[] = [];
    const gaps: number[] = [];
    let state = method.init(refTree(x));
    for (let step = 0; step < 60; step++) {
      const { w } = x as { w: np.Array };
      values.push(problem.value(w.ref).item());
      const gradient = { w: problem.gradient(w.ref) };
      gaps.push(wolfeGap(norm, refTree(gradient), refTree(x)).item());
      const [updates, next] = method.update(gradient, state, refTree(x));
      [x, state] = [applyUpdates(x, updates), next];
    }
    const best = Math.min(...values);
    for (const [i, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual((values[i] ?? 0) - best - 1e-9);
    expect(gaps.at(-1)).toBeLessThan((gaps[0] ?? 0) / 3);
  });
});

describe("weights against their bound", () => {
  const gradient = (step: number) => tree(step);
  const after = (method: Transform, start: () => Tree, steps: number): Tree => {
    let params = start();
    let state = method.init(refTree(params));
    for (let step = 0; step < steps; step++) {
      const [updates, next] = method.update(gradient(step), state, refTree(params));
      [params, state] = [applyUpdates(params, updates), next];
    }
    return params;
  };
  const zero = (): Tree => ({ a: np.zeros([3, 4]), b: np.zeros([4, 3]) });

  test("SCG stays within its radius, uSCG within radius times the sum of rates", () => {
    const options = { learningRate: 0.1, momentum: 0.5 };
    const scg = after(conditionalGradient(spectral, options), zero, 12);
    const used = boundUsed(product, scg, { constrained: true, start: 0, radius: 1 }).item();
    expect(used).toBeLessThanOrEqual(1 + 1e-6);
    const uscg = after(unconstrainedConditionalGradient(spectral, options), zero, 12);
    const free = boundUsed(product, uscg, {
      constrained: false,
      start: 0,
      radius: 1,
      sumOfRates: 1.2,
    }).item();
    expect(free).toBeLessThanOrEqual(1 + 1e-6);
    expect(free).toBeGreaterThan(0.1);
  });
});

describe("predictedDescent", () => {
  const dual = (): np.Array => np.array(2);
  test("by hand", () => {
    const sd = predictedDescent(dual(), { method: "steepestDescent", rate: 0.1, smoothness: 4 });
    expect(sd.item()).toBeCloseTo(0.1 * 0.8 * 4, 6);
    const cg = predictedDescent(dual(), {
      method: "unconstrainedConditionalGradient",
      rate: 0.1,
      radius: 5,
      smoothness: 4,
    });
    expect(cg.item()).toBeCloseTo(0.5 * 2 - 0.5, 6);
    expect(
      predictedDescent(dual(), { method: "clippedConditionalGradient", rate: 0.1, threshold: 1 }).item(),
    ).toBeCloseTo(0.1, 6);
    expect(
      predictedDescent(dual(), { method: "clippedConditionalGradient", rate: 0.1, threshold: 9 }).item(),
    ).toBeCloseTo(0.2, 6);
  });

  test("a quadratic falls by at least that, in a compiled step too", () => {
    const problem = leastSquares(4, 5, 1);
    const smoothness = 4; // rank times the largest curvature, which is below 1
    const predict = jit((d: np.Array) =>
      predictedDescent(d, { method: "steepestDescent", rate: 0.2, smoothness }),
    );
    const method = steepestDescent(spectral, { learningRate: 0.2 });
    const g = problem.gradient(problem.start.ref);
    const promised = predict(spectral.dual(g.ref)).item();
    const [updates] = method.update({ w: g }, method.init({ w: problem.start.ref }), {
      w: problem.start.ref,
    });
    const end = applyUpdates({ w: problem.start.ref }, updates) as { w: np.Array };
    expect(problem.value(problem.start.ref).item() - problem.value(end.w).item()).toBeGreaterThanOrEqual(
      promised,
    );
    predict.dispose();
  });
});

describe("smoothness", () => {
  const points = (pairs: readonly (readonly [number, number])[]): SmoothnessPoint[] =>
    pairs.map(([gradientNorm, ratio]) => ({ gradientNorm, ratio }));

  test("a sample is ‖Δg‖_*/‖Δx‖, and on a quadratic at most L", () => {
    const norm = layers({ w: np.zeros([4, 5]) });
    const problem = leastSquares(4, 5, 1);
    const step = array(wave(20, 4), [4, 5]).astype(np.float64);
    const [before, after] = [
      problem.gradient(problem.start.ref),
      problem.gradient(problem.start.ref.add(step.ref)),
    ];
    const expected = spectral.dual(after.ref.sub(before.ref)).item() / spectral.value(step.ref).item();
    const { gradientNorm, ratio } = smoothnessSample(norm, { w: before.ref }, { w: after }, { w: step });
    expect(ratio.item()).toBeCloseTo(expected, 8);
    expect(gradientNorm.item()).toBeCloseTo(spectral.dual(before).item(), 8);
    const l = problem.a.slice(0, 4).reduce((sum, x, i) => sum + x * (problem.b[i] ?? 0), 0);
    expect(expected).toBeLessThanOrEqual(l);
  });

  test("points on a line give the line; a constant ratio gives L1 = 0", () => {
    const { fit, envelope } = estimateSmoothness(
      points([
        [1, 5],
        [2, 7],
        [4, 11],
      ]),
    );
    for (const estimate of [fit, envelope]) {
      expect(estimate.l0).toBeCloseTo(3, 10);
      expect(estimate.l1).toBeCloseTo(2, 10);
    }
    const flat = estimateSmoothness(
      points([
        [1, 4],
        [2, 4],
        [9, 4],
      ]),
    );
    expect(flat.fit).toEqual({ l0: 4, l1: 0 });
    expect(flat.envelope).toEqual({ l0: 4, l1: 0 });
    expect(estimateSmoothness(points([[2, 6]])).envelope.l0).toBeLessThanOrEqual(6);
  });

  test("neither is ever negative", () => {
    for (const pairs of [
      [
        [1, 9],
        [2, 5],
        [3, 1],
      ],
      [
        [1, 0],
        [2, 1],
        [3, 6],
      ],
    ] as const) {
      const { fit, envelope } = estimateSmoothness(points(pairs));
      for (const { l0, l1 } of [fit, envelope]) expect(Math.min(l0, l1)).toBeGreaterThanOrEqual(0);
    }
  });

  test("the envelope is above every point, and no line above them is lower on average", () => {
    const cloud = points(
      Array.from({ length: 30 }, (_, i) => [i / 5, Math.abs(Math.sin(7 * i)) * (1 + i / 10)] as const),
    );
    const { l0, l1 } = estimateSmoothness(cloud).envelope;
    for (const { gradientNorm, ratio } of cloud)
      expect(l0 + l1 * gradientNorm).toBeGreaterThanOrEqual(ratio - 1e-12);
    const mean = cloud.reduce((sum, p) => sum + p.gradientNorm, 0) / cloud.length;
    for (let slope = 0; slope < 3; slope += 0.01) {
      const needed = Math.max(0, ...cloud.map((p) => p.ratio - slope * p.gradientNorm));
      expect(needed + slope * mean).toBeGreaterThanOrEqual(l0 + l1 * mean - 1e-9);
    }
  });

  test("cosh(x) is not smooth with L0 alone: L1 > 0", () => {
    const pairs = Array.from({ length: 20 }, (_, i) => {
      const [x, h] = [i / 4, 0.01];
      return [Math.sinh(x), (Math.sinh(x + h) - Math.sinh(x)) / h] as const;
    });
    const { envelope } = estimateSmoothness(points(pairs));
    expect(envelope.l1).toBeGreaterThan(0.9);
    expect(envelope.l1).toBeLessThan(1.1);
  });

  test("refuses nothing and what is no number", () => {
    expect(() => estimateSmoothness([])).toThrow(/at least one point/);
    expect(() => estimateSmoothness(points([[Number.NaN, 1]]))).toThrow(/finite and ≥ 0, got \(NaN, 1\)/);
  });
});

test("monitors leak nothing", async () => {
  const run = (): number[] => {
    const sample = smoothnessSample(product, tree(1), tree(2), tree(3));
    const gap = wolfeGap(product, tree(1), tree(2));
    const used = boundUsed(product, tree(1), { constrained: true, start: 0, radius: 1 });
    return [sample.ratio.item(), sample.gradientNorm.item(), sample.weight.item(), gap.item(), used.item()];
  };
  expect(await leakedBuffers(run)).toBe(0);
});

function negated(node: { a: np.Array; b: np.Array }): Tree {
  return { a: node.a.mul(-1), b: node.b.mul(-1) };
}
