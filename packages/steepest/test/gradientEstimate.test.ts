import { jit, numpy as np } from "@jax-js/jax";
import { chain, createOptimizer, type OptimizerName, refTree, type Transform, type Tree } from "steepest";
import { dualFromStep, estimatorDual, gradientEstimate, wolfeGap } from "steepest/monitors";
import { createNorm } from "steepest/norms";
import {
  conditionalGradient,
  layerNorms,
  steepestDescent,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import { scale, scaleByAdam, trace } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { disposeTree } from "../src/core/tree.ts";
import { array, distance, flatten, gradients, wave, weights } from "./support/trees.ts";

/** d of five steps with the gradients of `gradients(step)`, in float64. */
function average(momentum: number, steps: number): number[] {
  let d: number[] = flatten(gradients(0)).map(() => 0);
  for (let step = 0; step < steps; step++) {
    const g = flatten(gradients(step));
    d = d.map((x, i) => momentum * x + (1 - momentum) * (g[i] ?? 0));
  }
  return d;
}

/** The state after some steps at the starting weights. */
function after(transform: Transform, steps: number): Tree {
  let state: Tree = transform.init(weights());
  for (let step = 0; step < steps; step++) {
    const [updates, next] = transform.update(gradients(step), state, weights(), {
      phase: step % (transform.period ?? 1),
    });
    disposeTree(updates);
    state = next;
  }
  return state;
}

describe("gradientEstimate", () => {
  test.each(["scion", "unconstrained_scion", "uscg", "scg", "ggnc", "gluon", "sd", "s3cg"] as const)(
    "%s: the average of five gradients, float32 rounding apart",
    (name: OptimizerName) => {
      const state = after(createOptimizer(name, { momentum: 0.8 } as never), 5);
      expect(distance(flatten(gradientEstimate(state, gradients(4))), average(0.8, 5))).toBeLessThan(1e-6);
    },
  );

  test("through skipNonFinite and clipping too; without momentum it is the gradient", () => {
    const wrapped = createOptimizer("scion", { momentum: 0.8, skipNonFinite: true, clipGlobalNorm: 1e6 });
    const estimate = gradientEstimate(after(wrapped, 5), gradients(4));
    expect(distance(flatten(estimate), average(0.8, 5))).toBeLessThan(1e-6);
    const plain = createOptimizer("scion", { momentum: 0 });
    expect(flatten(gradientEstimate(after(plain, 5), gradients(4)))).toEqual(flatten(gradients(4)));
  });

  test("an average that starts at the first gradient, a heavy-ball sum, Adam's mean", () => {
    const first = after(createOptimizer("scion", { momentum: 0.8, momentumStart: "gradient" }), 1);
    expect(flatten(gradientEstimate(first, gradients(0)))).toEqual(flatten(gradients(0)));
    const sum = after(createOptimizer("scion_light", { momentum: 0.8 }), 5);
    const estimate = gradientEstimate(sum, gradients(4), { momentum: 0.8 });
    expect(distance(flatten(estimate), average(0.8, 5))).toBeLessThan(2e-6);
    const adam = after(scaleByAdam({ b1: 0.8 }), 5);
    expect(distance(flatten(gradientEstimate(adam, gradients(4))), average(0.8, 5))).toBeLessThan(1e-6);
  });

  test("has the structure of the gradients, and paths that end alike are kept apart", () => {
    const method = steepestDescent(createNorm("frobenius"), { learningRate: 1, momentum: 0.5 });
    const tree = () => ({ w: np.array([1]), a: { w: np.array([3]) } });
    const [updates, state] = method.update(tree(), method.init(tree()), tree());
    disposeTree(updates);
    const estimate = gradientEstimate(state, tree()) as ReturnType<typeof tree>;
    expect([estimate.w.item(), estimate.a.w.item()]).toEqual([0.5, 1.5]);
  });

  test("refuses sums without their momentum, two averages, and state without one", () => {
    const heavy = () => after(chain(trace(0.9), scale(-1)), 1);
    expect(() => gradientEstimate(heavy(), gradients(0))).toThrow(/heavy-ball sum; pass its momentum/);
    expect(() => gradientEstimate(heavy(), gradients(0), { momentum: 1 })).toThrow(/in \[0, 1\).*got 1/);
    const two = after(chain(trace(0.9), trace(0.5)), 1);
    expect(() => gradientEstimate(two, gradients(0), { momentum: 0.9 })).toThrow(
      /several averages of "blocks.0.wide": 0\.sum\.blocks\.0\.wide, 1\.sum/,
    );
    expect(() => gradientEstimate({ square: gradients(0) }, gradients(0))).toThrow(
      /no average of the gradient of "blocks.0.wide", only square\.blocks/,
    );
  });
});

const exact = createNorm("operator", { oracle: "svd", dual: "oracle" });
const layers = layerNorms(() => ({ norm: exact, radius: 1 }));
const tree = (seed: number) => ({ a: array(wave(12, seed), [3, 4]), b: array(wave(12, seed + 1), [4, 3]) });
const product = layers(tree(0));

describe("the dual norm of the estimator", () => {
  const options = { learningRate: 0.25, momentum: 0.5 };
  const free = unconstrainedConditionalGradient(exact, options);
  const bound = conditionalGradient(exact, options);

  /** In one compiled step: the estimator's dual by the norm, and by the step taken. */
  const compiled = (method: Transform, quantity: (d: Tree, x: Tree) => np.Array) =>
    jit((gradient: Tree, state: Tree, params: Tree): [np.Array, np.Array, Tree] => {
      const [step, next] = method.update(refTree(gradient), state, refTree(params));
      const estimate = gradientEstimate(refTree(next), gradient);
      return [quantity(refTree(estimate), params), dualFromStep(estimate, step, 0.25), next];
    });

  test("uSCG: Σσ of the average over the layers, and the step says the same", () => {
    const step = compiled(free, (d, x) => {
      disposeTree(x);
      return estimatorDual(product, d);
    });
    const first = step(tree(1), free.init(tree(0)), tree(0));
    const [dual, fromStep, state] = step(tree(2), first[2], tree(0));
    const mixed = {
      a: tree(1).a.mul(0.25).add(tree(2).a.mul(0.5)),
      b: tree(1).b.mul(0.25).add(tree(2).b.mul(0.5)),
    };
    const expected = exact.dual(mixed.a).add(exact.dual(mixed.b)).item();
    expect(dual.item()).toBeCloseTo(expected, 5);
    expect(fromStep.item()).toBeCloseTo(expected, 5);
    disposeTree(state);
    step.dispose();
  });

  test("SCG: the step says the gap", () => {
    const step = compiled(bound, (d, x) => wolfeGap(product, d, x));
    const [gap, fromStep] = step(tree(1), bound.init(tree(0)), tree(0));
    expect(fromStep.item()).toBeCloseTo(gap.item(), 5);
    step.dispose();
  });

  test("refuses a rate that divides nothing; leaks nothing", async () => {
    expect(() => dualFromStep(tree(1), tree(2), 0)).toThrow(/rate must be positive and finite, got 0/);
    const run = (): number[] => {
      const [step, state] = free.update(tree(1), free.init(tree(0)), tree(0));
      const estimate = gradientEstimate(state, tree(1));
      return [
        estimatorDual(product, refTree(estimate)).item(),
        dualFromStep(estimate, step, np.array(0.25)).item(),
      ];
    };
    expect(await leakedBuffers(run)).toBe(0);
  });
});
