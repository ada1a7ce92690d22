import { jit, type numpy as np } from "@jax-js/jax";
import {
  chain,
  createOptimizer,
  disposeTree,
  mapLeaves,
  namedLeaves,
  refTree,
  type Transform,
  type Tree,
  unflattenLike,
} from "steepest";
import {
  addDecayedWeights,
  clipByGlobalNorm,
  ema,
  globalNorm,
  manifoldNormalized,
  scale,
  scaleByAdam,
  scaleByLearningRate,
  trace,
} from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { scaleByAdagrad } from "../src/optimizers/adam/scaleByAdagrad.ts";
import { scaleByRms } from "../src/optimizers/adam/scaleByRms.ts";
import { array, flatten, gradients, run, weights } from "./support/trees.ts";

/** What a transform emits for a gradient of one number, at weight 1. A second entry of 0 gives the arrays a buffer to leak. */
function emitted(transform: Transform, gs: readonly number[]): number[] {
  const one = (x: number): Tree => ({ w: array(Float32Array.of(x, 0), [2]) });
  let state: Tree = transform.init(one(1));
  const found = gs.map((g, step) => {
    const [u, next] = transform.update(one(g), state, one(1), { phase: step % (transform.period ?? 1) });
    state = next;
    return flatten(u)[0] ?? Number.NaN;
  });
  disposeTree(state);
  return found;
}

describe("by hand", () => {
  const cases: [name: string, transform: Transform, gradients: number[], expected: number[]][] = [
    ["ema", ema(0.5), [1, 1, 2], [0.5, 0.75, 1.375]],
    ["ema, nesterov", ema(0.5, { nesterov: true }), [1, 1], [0.75, 0.875]],
    ["trace", trace(0.5), [1, 1, 2], [1, 1.5, 2.75]],
    ["trace, nesterov", trace(0.5, { nesterov: true }), [1, 1], [1.5, 1.75]],
    ["trace, dampened from the second step", trace(0.5, { dampening: 0.25 }), [1, 1], [1, 1.25]],
    ["adam on constant gradients is the sign", scaleByAdam({ eps: 0 }), [3, 3, 3], [1, 1, 1]],
    [
      "adam, eps before correction",
      scaleByAdam({ b1: 0, b2: 0.75, eps: 0.5, epsBeforeCorrection: true }),
      [1],
      [0.5],
    ],
    ["adam, eps after correction", scaleByAdam({ b1: 0, b2: 0.75, eps: 0.5 }), [1], [1 / 1.5]],
    ["amsgrad keeps the largest", scaleByAdam({ b1: 0, b2: 0, eps: 0, amsgrad: true }), [4, 2], [1, 0.5]],
    ["rms", scaleByRms({ alpha: 0.75, eps: 0 }), [2], [2]],
    ["rms, centered", scaleByRms({ alpha: 0.5, eps: 0, centered: true }), [2], [2]],
    ["adagrad", scaleByAdagrad({ eps: 0 }), [3, 4], [1, 0.8]],
    ["decay", addDecayedWeights(0.25), [2], [2.25]],
    ["scale", scale(-3), [2], [-6]],
    ["learning rate", scaleByLearningRate(0.5), [2, 2], [-1, -1]],
    ["scheduled", scaleByLearningRate(0.5, (t) => t.add(1)), [2, 2], [-1, -2]],
    ["chain, in order", chain(scale(2), addDecayedWeights(1), scale(10)), [3], [70]],
    ["clip below", clipByGlobalNorm(5), [3], [3]],
    ["clip above", clipByGlobalNorm(2), [-3], [-2]],
    ["clip of nothing", clipByGlobalNorm(2), [0], [0]],
  ];
  test.each(cases)("%s", (name, transform, gs, expected) => {
    if (name === "adagrad") claim("adagrad", "Its first steps by hand");
    for (const [i, u] of emitted(transform, gs).entries())
      expect(u).toBeCloseTo(expected[i] ?? Number.NaN, 6);
  });
  test.each(cases)("%s leaks nothing", async (_, transform, gs) => {
    expect(await leakedBuffers(() => emitted(transform, gs))).toBe(0);
  });
});

test("adam's bias correction keeps its digits at b2 = 0.9999", () => {
  claim("adam", "adam's bias correction keeps its digits at b2 = 0.9999");
  // m̂/√v̂ = 1 at the first step; forming b2^t first would leave an error of 1e-4.
  expect(Math.abs((emitted(scaleByAdam({ b2: 0.9999, eps: 0 }), [0.3])[0] ?? 0) - 1)).toBeLessThan(1e-6);
});

test("the global norm is over all parameters together", async () => {
  const all = flatten(gradients(0));
  const expected = Math.sqrt(all.reduce((sum, x) => sum + x * x, 0));
  expect(globalNorm(gradients(0)).item()).toBeCloseTo(expected, 5);
  const clipped = flatten(clipByGlobalNorm(1).update(gradients(0), {}, weights())[0]);
  for (const [i, x] of clipped.entries()) expect(x).toBeCloseTo((all[i] ?? 0) / expected, 6);
  expect(await leakedBuffers(() => globalNorm(gradients(0)).item())).toBe(0);
});

test("clipping an optimizer bounds what it sees, and keeps its state's shape", () => {
  const options = { learningRate: 1, momentum: 0.5 };
  const clippedRun = run(createOptimizer("sgd", { ...options, clipGlobalNorm: 1e-3 }), { steps: 1 });
  const start = run(createOptimizer("sgd"), { steps: 0 });
  const moved = Math.hypot(...clippedRun.map((w, i) => w - (start[i] ?? 0)));
  expect(moved).toBeCloseTo(1e-3, 5);
  const paths = (o: Transform) => namedLeaves(o.init(weights())).map(([path]) => path);
  expect(paths(createOptimizer("sgd", { ...options, clipGlobalNorm: 1 }))).toEqual(
    paths(createOptimizer("sgd", options)),
  );
});

describe("phases", () => {
  test("a chain has the least common multiple of its stages' periods", () => {
    const every = (period: number): Transform => ({ ...scale(1), period });
    expect(chain(every(4), every(6), scale(1)).period).toBe(12);
  });
  test("each stage sees its own phase", () => {
    const seen: (number | undefined)[] = [];
    const spy: Transform = {
      ...scale(1),
      period: 2,
      update: (u, s, p, context) => {
        seen.push(context?.phase);
        return scale(1).update(u, s as Record<string, never>, p);
      },
    };
    run(chain(spy, { ...scale(1), period: 3 }), { steps: 4 });
    expect(seen).toEqual([0, 1, 0, 1]);
  });
  test("a compiled step without phase is refused with the cure", () => {
    const transform = manifoldNormalized();
    const step = jit((g: Tree, s: Tree, p: Tree) => transform.update(g, s as { count: np.Array }, p)[0]);
    const w = { w: array(Float32Array.of(1, 2, 3, 4), [2, 2]) };
    expect(() => step(refTree(w), transform.init(refTree(w)), w)).toThrow(
      /compile one step per phase.*step % 2/,
    );
  });
});

describe("trees", () => {
  test("leaves go out and come back by path", () => {
    const tree = weights();
    const arrays = Object.fromEntries(namedLeaves(tree));
    const back = unflattenLike(tree, arrays);
    expect(namedLeaves(back).map(([path]) => path)).toEqual(namedLeaves(tree).map(([path]) => path));
    expect(flatten(mapLeaves((x) => x.mul(2), back))).toEqual(flatten(weights()).map((x) => 2 * x));
  });
});
