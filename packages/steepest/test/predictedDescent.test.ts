import { jit, numpy as np } from "@jax-js/jax";
import { applyUpdates, refTree, type Transform, type Tree } from "steepest";
import { boundUsed, type DescentStep, predictedDescent, wolfeGap } from "steepest/monitors";
import { createNorm, type TreeNorm } from "steepest/norms";
import {
  clippedConditionalGradient,
  conditionalGradient,
  layerNorms,
  shortStep,
  steepestDescent,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import { describe, expect, test } from "vitest";
import { leastSquares } from "./support/leastSquares.ts";

/** Norms with exact oracles and the Lipschitz constant of the test problem's gradient in them, nc 4.3. */
const cases = [
  [
    "frobenius",
    createNorm("frobenius"),
    (a: readonly number[], b: readonly number[]) => (a[0] ?? 0) * (b[0] ?? 0),
  ],
  [
    "operator",
    createNorm("operator", { polar: "svd", dual: "oracle" }),
    (a: readonly number[], b: readonly number[]) =>
      a.slice(0, 4).reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0),
  ],
  [
    "nuclear",
    createNorm("nuclear"),
    (a: readonly number[], b: readonly number[]) => (a[0] ?? 0) * (b[0] ?? 0),
  ],
] as const;

/** f(x), f(x⁺) and the promised fall at every step from zero, the promise made in a compiled step. */
function follow(
  problem: ReturnType<typeof leastSquares>,
  method: Transform,
  measure: (gradient: Tree, params: Tree) => np.Array,
  step: DescentStep,
  steps = 25,
): { before: number; after: number; promised: number }[] {
  const promise = jit((gradient: np.Array, x: np.Array) =>
    predictedDescent(measure({ w: gradient }, { w: x }), step),
  );
  let x: Tree = { w: problem.start.ref };
  let state = method.init(refTree(x));
  const rows = Array.from({ length: steps }, () => {
    const { w } = x as { w: np.Array };
    const gradient = problem.gradient(w.ref);
    const promised = promise(gradient.ref, w.ref).item();
    const before = problem.value(w.ref).item();
    const [updates, next] = method.update({ w: gradient }, state, refTree(x));
    [x, state] = [applyUpdates(x, updates), next];
    return { before, after: problem.value((x as { w: np.Array }).w.ref).item(), promised };
  });
  promise.dispose();
  return rows;
}

describe.each(cases)(
  "a quadratic of known L in the %s norm falls at least as promised",
  (_name, norm, lipschitz) => {
    const problem = leastSquares(4, 5, 3);
    const smoothness = lipschitz(problem.a, problem.b);
    const tree: TreeNorm = layerNorms(() => ({ norm, radius: 1 }))({ w: problem.start });
    const dual = (gradient: Tree, params: Tree): np.Array => {
      (params as { w: np.Array }).w.dispose();
      return tree.dual(gradient);
    };
    const radius = 3;
    const gap = (gradient: Tree, params: Tree): np.Array => wolfeGap(tree, gradient, params, radius);
    const perLayer = layerNorms(() => ({ norm, radius: 1 }));
    const rate = 1 / smoothness;
    const runs: [DescentStep, Transform, typeof gap][] = [
      [{ method: "steepestDescent", rate, smoothness }, steepestDescent(norm, { learningRate: rate }), dual],
      [
        { method: "unconstrainedConditionalGradient", rate: 0.05, radius, smoothness },
        unconstrainedConditionalGradient(norm, { learningRate: 0.05, radius }),
        dual,
      ],
      [
        { method: "clippedConditionalGradient", rate, threshold: 0.7 },
        clippedConditionalGradient(perLayer, { learningRate: rate, threshold: 0.7 }),
        dual,
      ],
      [
        { method: "conditionalGradient", rate: 0.02, radius, smoothness },
        conditionalGradient(norm, { learningRate: 0.02, radius }),
        gap,
      ],
      ...(["diameter", "primalNorm"] as const).map((variant): [DescentStep, Transform, typeof gap] => [
        { method: "shortStep", rate, threshold: smoothness, radius },
        shortStep(perLayer, { learningRate: rate, threshold: smoothness, radius, variant }),
        gap,
      ]),
    ];

    test.each(runs)("$method", (step, method, measure) => {
      const rows = follow(problem, method, measure, step);
      for (const { before, after, promised } of rows)
        expect(before - after).toBeGreaterThanOrEqual(promised - 1e-9 * before);
      // Something is promised at all, and where descent is sure it is never negative.
      expect(Math.max(...rows.map(({ promised }) => promised))).toBeGreaterThan(0);
      if (step.method === "shortStep" || step.method === "clippedConditionalGradient")
        for (const { promised } of rows) expect(promised).toBeGreaterThanOrEqual(0);
    });
  },
);

describe("predictedDescent", () => {
  test("by hand, SCG and the short step", () => {
    const scg = { method: "conditionalGradient", rate: 0.1, radius: 3, smoothness: 2 } as const;
    expect(predictedDescent(np.array(5), scg).item()).toBeCloseTo(0.1 * 5 - 2 * 2 * 0.3 ** 2, 6);
    const short = { method: "shortStep", rate: 0.5, threshold: 2, radius: 1.5 } as const;
    expect(predictedDescent(np.array(3), short).item()).toBeCloseTo(0.25 * (3 / 9) * 3, 6);
    expect(predictedDescent(np.array(36), short).item()).toBeCloseTo(0.25 * 2 * 36, 5);
  });

  test("the promise of SCG is tight: f = ½L|x|² from one pole of the ball to the other", () => {
    // x = β, g = Lβ, v = 2β: the lemma is an equality and ‖v‖ = 2β.
    const [l, beta, gamma] = [2, 3, 0.25];
    const value = (x: number): number => 0.5 * l * x * x;
    const promised = predictedDescent(np.array(l * beta * 2 * beta), {
      method: "conditionalGradient",
      rate: gamma,
      radius: beta,
      smoothness: l,
    });
    expect(promised.item()).toBeCloseTo(value(beta) - value(beta - gamma * 2 * beta), 5);
  });

  test("takes arrays where numbers change from step to step", () => {
    const steps = (n: (x: number) => number | np.Array): DescentStep[] => [
      { method: "steepestDescent", rate: n(0.1), smoothness: n(4) },
      { method: "unconstrainedConditionalGradient", rate: n(0.1), radius: n(5), smoothness: n(4) },
      { method: "clippedConditionalGradient", rate: n(0.1), threshold: n(1) },
      { method: "conditionalGradient", rate: n(0.1), radius: n(5), smoothness: n(4) },
      { method: "shortStep", rate: n(0.1), threshold: n(0.01), radius: n(5) },
    ];
    const plain = steps((x) => x).map((step) => predictedDescent(np.array(2), step).item());
    const arrays = (): number[] =>
      steps((x) => np.array(x)).map((step) => predictedDescent(np.array(2), step).item());
    for (const [i, value] of arrays().entries()) expect(value).toBeCloseTo(plain[i] ?? Number.NaN, 6);
  });
});

describe("boundUsed and wolfeGap in a compiled step", () => {
  const norm = layerNorms(() => ({ norm: createNorm("max"), radius: 2 }))({ w: np.zeros([2]) });

  test("the sum of rates as an array that grows", () => {
    const used = jit((w: np.Array, sum: np.Array) =>
      boundUsed(norm, { w }, { constrained: false, start: 0.5, radius: 1, sumOfRates: sum }),
    );
    expect(used(np.array([1, -3]), np.array(0.5)).item()).toBeCloseTo(1.5 / 1, 6);
    expect(used(np.array([1, -3]), np.array(2.5)).item()).toBeCloseTo(1.5 / 3, 6);
    used.dispose();
    const constrained = boundUsed(norm, { w: np.array([1, -3]) }, { constrained: true, start: 0, radius: 1 });
    expect(constrained.item()).toBeCloseTo(1.5, 6);
  });

  test("the gap, by hand", () => {
    const gap = jit((g: np.Array, w: np.Array) => wolfeGap(norm, { w: g }, { w }));
    expect(gap(np.array([1, -2]), np.array([0.5, 1])).item()).toBeCloseTo(0.5 - 2 + 2 * 3, 6);
    gap.dispose();
  });
});
