import type { numpy as np } from "@jax-js/jax";
import {
  applyUpdates,
  createOptimizer,
  describeOptimizer,
  disposeTree,
  mapLeaves,
  namedLeaves,
  optimizerNames,
  refTree,
  type StepContext,
  type Tree,
} from "steepest";
import { scaleByAdam, skipNonFinite, skippedSteps } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { array, compiledUpdate, flatten, run, wave } from "./support/trees.ts";

// Those that need more than gradients: fisher.test.ts.
const byGradients = optimizerNames().filter((name) => describeOptimizer(name).needs === undefined);

const roles = { w: "hidden", bias: "bias" } as const;
type Weights = { w: np.Array; bias: np.Array };
const tree = (seed: number): Weights => ({
  w: array(wave(12, seed), [3, 4]),
  bias: array(wave(3, seed + 2), [3]),
});
const times =
  (factor: number) =>
  (step: number): Weights =>
    mapLeaves((g) => g.mul(factor), tree(10 + 3 * step));
/** One number of a gradient replaced. */
const spoilt = (value: number): Weights => {
  const { w, bias } = tree(40);
  bias.dispose();
  return { w, bias: array(Float32Array.of(value, 1, 2), [3]) };
};

/** Long inner iterations, of which a few show as much. */
const shorter: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  riemannian_aurora: { iterations: 1, solverSteps: 2 },
  sso: { solverSteps: 2 },
};

describe.each(byGradients)("%s", (name) => {
  const start = () => tree(1);
  const own = shorter[name] ?? {};

  test("skipNonFinite: NaN, infinity and what overflows move nothing, are counted, and are forgotten", () => {
    const optimizer = createOptimizer(name, { roles, ...own, skipNonFinite: true, learningRate: 0.01 });
    const { update, dispose } = compiledUpdate(optimizer);
    const after = (gradients: readonly [Weights, number][]): { weights: number[]; skipped: number } => {
      let params: Tree = start();
      let state: Tree = optimizer.init(refTree(params));
      for (const [gradient, step] of gradients) {
        const context: StepContext = { phase: step % optimizer.period, first: step === 0 };
        const [updates, next] = update(gradient, state, refTree(params), context);
        state = next;
        params = applyUpdates(params, updates);
      }
      const skipped = skippedSteps(state);
      disposeTree(state);
      return { weights: flatten(params), skipped };
    };
    const plain = after([
      [tree(10), 0],
      [tree(13), 3],
    ]);
    const disturbed = after([
      [tree(10), 0],
      [spoilt(Number.NaN), 1],
      [spoilt(Number.NEGATIVE_INFINITY), 2],
      [tree(13), 3],
    ]);
    expect(plain.skipped).toBe(0);
    expect(disturbed.skipped).toBe(2);
    expect(disturbed.weights).toEqual(plain.weights); // to the last bit
    const huge = after([[times(3e38)(0), 0]]).weights;
    expect(huge.filter((w) => !Number.isFinite(w))).toEqual([]);
    dispose();
  });
});

test("an average of squares that overflows is not kept", () => {
  const one = (value: number) => ({ w: array(Float32Array.of(value), [1]) });
  const largest = (state: Tree): number => {
    const values = namedLeaves(state).flatMap(([, leaf]) => [...leaf.ref.dataSync()]);
    disposeTree(state);
    return Math.max(...values);
  };
  const [adam, guarded] = [scaleByAdam(), skipNonFinite(scaleByAdam())];
  const [moved, poisoned] = adam.update(one(1e25), adam.init(one(1)), one(1));
  const [stayed, kept] = guarded.update(one(1e25), guarded.init(one(1)), one(1));
  expect(largest(poisoned)).toBe(Number.POSITIVE_INFINITY);
  expect(largest(kept)).toBe(1); // the count of steps left out
  disposeTree(moved);
  expect(flatten(stayed)).toEqual([0]);
});

test("the count is asked of a state that has none", () => {
  expect(() => skippedSteps({ m: array(Float32Array.of(1), [1]) })).toThrow(/skipNonFinite: true/);
});

test("clipping brings gradients of 1e30 to its norm, digits as they were", () => {
  const moved = (factor: number): number[] => {
    const sgd = createOptimizer("sgd", { learningRate: 1, clipGlobalNorm: 1e-3 });
    const start = () => mapLeaves((w) => w.mul(0), tree(1));
    return run(sgd, { start, gradient: times(factor), steps: 1 });
  };
  expect(moved(2 ** 90)).toEqual(moved(1)); // 1.2e27
});

test("leaks nothing", async () => {
  const optimizer = createOptimizer("muon", { roles, skipNonFinite: true });
  expect(
    await leakedBuffers(() => run(optimizer, { start: () => tree(1), gradient: times(1), steps: 2 })),
  ).toBe(0);
});
