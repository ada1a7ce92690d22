import { numpy as np } from "@jax-js/jax";
import {
  createOptimizer,
  describeOptimizer,
  disposeTree,
  explainAssignment,
  type OptimizerName,
  type OptimizerState,
  optimizerNames,
  refTree,
  stateFloats,
  type Transform,
} from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { fisherStates, keepsNorm, manifoldStates, onManifold } from "./support/fisherStates.ts";
import { constrained, normConstrainedState, resizing } from "./support/normConstrainedState.ts";
import {
  compiledUpdate,
  distance,
  eagerUpdate,
  flatten,
  gradients,
  paths,
  run,
  shapes,
  weights,
  zeros,
} from "./support/trees.ts";

const size = (path: keyof typeof shapes): number => shapes[path].reduce((a: number, b: number) => a * b, 1);
const all = paths.reduce((sum, path) => sum + size(path), 0);
const hidden = size("blocks.0.wide") + size("blocks.0.tall");

/** Floats of state by the formulas of the catalogue. */
const state: Record<OptimizerName, number> = {
  sgd: 0,
  adam: 2 * all,
  adamw: 2 * all,
  rmsprop: all,
  adagrad: all,
  ...fisherStates,
  ...manifoldStates,
  signsgd: 0,
  signum: all,
  lion: all,
  nsgd: hidden + 2 * (all - hidden),
  muon: hidden + 2 * (all - hidden),
  scion: all,
  unconstrained_scion: all,
  ...normConstrainedState,
  mano: hidden + 2 * (all - hidden),
  mano_v2: hidden + 2 * (all - hidden),
};

// Those that need more than gradients: fisher.test.ts.
const byGradients = optimizerNames().filter((name) => describeOptimizer(name).needs === undefined);

/** Long inner iterations are most of the time of all methods; two or three show as much. */
const shorter: Partial<Record<OptimizerName, Readonly<Record<string, unknown>>>> = {
  riemannian_aurora: { iterations: 1, solverSteps: 2 },
  spel: { steps: 3 },
  sso: { solverSteps: 2 },
};

/** The update of a run whose rate is scaled from outside, by 1/(t + 1). */
function scaledUpdate(update: Transform["update"]): Transform["update"] {
  let step = 0;
  return (g, s, p, context = { phase: 0 }) => {
    const learningRateScale = np.array(1 / ++step, { dtype: np.float32 });
    return update(g, s, p, { ...context, learningRateScale });
  };
}

describe.each(byGradients)("%s", (name) => {
  const own = shorter[name] ?? {};
  const scheduled = {
    ...own,
    schedule: (count: np.Array) => np.reciprocal(count.add(1)),
  };

  test("compiled and eager steps agree, each key traced once; a scale in the context is a schedule; no leaks", async () => {
    const clipGlobalNorm = 1; // gradients of norm 5 are clipped
    const unscheduled = createOptimizer(name, { ...own, clipGlobalNorm });
    const step = compiledUpdate(unscheduled);
    // The second step shows what was baked in by the first, and a third the other phases.
    const steps = unscheduled.period > 1 ? 3 : 2;
    const fast = run(unscheduled, { update: scaledUpdate(step.update), steps });
    expect(step.traces()).toBe(step.keys());
    expect(step.keys()).toBeLessThanOrEqual(Math.min(3, unscheduled.period));
    step.dispose();
    const optimizer = createOptimizer(name, { ...scheduled, clipGlobalNorm });
    let eager: readonly number[] = [];
    const leaked = await leakedBuffers(() => {
      eager = run(optimizer, { update: eagerUpdate(optimizer), steps });
    });
    expect(leaked).toBe(0);
    // Fusion reorders float32 sums of at most 42 terms; steps are at most a few hundredths.
    expect(distance(fast, eager)).toBeLessThan(2e-6);
  });

  if (createOptimizer(name).period > 1)
    test("reads its phase from the state outside jit", () => {
      const optimizer = createOptimizer(name);
      const update: Transform["update"] = (g, s, p) => optimizer.update(g, s as OptimizerState, p);
      const told = run(optimizer, { update: eagerUpdate(optimizer), steps: 3 });
      expect(run(optimizer, { update, steps: 3 })).toEqual(told);
    });

  test("state size follows the formula", () => {
    const params = weights();
    const optimizer = createOptimizer(name);
    const rows = explainAssignment(optimizer, params, { print: false });
    const initial = optimizer.init(params);
    expect(stateFloats(initial)).toBe(state[name]);
    expect(rows.map((row) => row.path)).toEqual(paths);
    expect(rows.reduce((sum, row) => sum + row.stateFloats, 0)).toBe(state[name]);
    disposeTree(initial);
  });

  test("without gradient nothing but decay moves", () => {
    const optimizer = createOptimizer(name, { ...own, learningRate: 0.1 });
    const before = flatten(weights());
    const after = run(optimizer, { gradient: zeros, steps: 1 });
    expect(after.every(Number.isFinite)).toBe(true);
    if (resizing.includes(name) || onManifold.includes(name)) return;
    for (const [i, w] of before.entries()) {
      const kept = (after[i] ?? Number.NaN) / w;
      expect(kept).toBeGreaterThan(0.9 - 1e-6); // at most 1 − 0.1, Scion's constraint
      expect(kept).toBeLessThan(1 + 1e-6);
    }
  });

  test("zero weights and one-sided shapes stay finite", () => {
    const transform = createOptimizer(name, own);
    const tree = (fill: number) => ({
      row: np.full([1, 5], fill),
      column: np.full([5, 1], fill),
      one: np.full([1, 1], fill),
      conv: np.full([2, 3, 2, 2], fill),
      scalar: np.full([], fill),
    });
    const fill = keepsNorm.includes(name) ? 0.1 : 0; // they refuse a weight of norm 0, see control.test.ts
    const { update, dispose } = compiledUpdate(transform);
    const end = run(transform, { start: () => tree(fill), gradient: () => tree(0.5), steps: 2, update });
    dispose();
    expect(end.every(Number.isFinite)).toBe(true);
    expect(end.some((w) => w !== 0)).toBe(true);
  });

  test("the first step goes downhill", () => {
    const optimizer = createOptimizer(name, { ...own, learningRate: 1e-3 });
    const start = constrained.includes(name) || onManifold.includes(name) ? zeros() : weights();
    const initial = optimizer.init(refTree(start));
    const gradient = flatten(gradients(0));
    const [updates, next] = optimizer.update(gradients(0), initial, start);
    disposeTree(next);
    const moved = flatten(updates);
    const slope = moved.reduce((sum, u, i) => sum + u * (gradient[i] ?? 0), 0);
    if (name === "soap")
      expect(slope).toBe(0); // its first step only looks
    else expect(slope).toBeLessThan(0);
  });
});

test("the table of state sizes covers the catalogue", () => {
  expect(Object.keys(state).sort()).toEqual(optimizerNames().sort());
});
