import { numpy as np, random } from "@jax-js/jax";
import {
  applyUpdates,
  createOptimizer,
  describeOptimizer,
  disposeTree,
  type Optimizer,
  type OptimizerName,
  optimizerNames,
  refTree,
  type Tree,
} from "steepest";
import { clipByGlobalNorm } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { array, flatten, gradients, run, wave, weights } from "./support/trees.ts";

const roles = { w: "hidden", bias: "bias" } as const;
const tree = (seed: number) => ({ w: array(wave(12, seed), [3, 4]), bias: array(wave(3, seed + 2), [3]) });
const byGradients = optimizerNames().filter((name) => describeOptimizer(name).needs === undefined);

/** One step from the given gradient. */
function oneStep(optimizer: Optimizer, gradient: Tree, start: Tree = tree(1)): number[] {
  const state = optimizer.init(refTree(start));
  const [updates, next] = optimizer.update(gradient, state, refTree(start), { phase: 0, first: true });
  disposeTree(next);
  return flatten(applyUpdates(start, updates));
}

describe("options at their ends", () => {
  // Where eps may be 0, 0/0 is a step of zero: a row of an embedding that no token touched, a gain that is frozen.
  test.each(byGradients)(
    "%s: every number that may be 0 is, and a gradient of nothing leaves weights finite",
    (name) => {
      const { options } = describeOptimizer(name);
      const zeros = Object.entries(options).filter(
        ([option, { kind, default: initial, check }]) =>
          kind === "number" && typeof initial === "number" && option !== "momentum" && check(0) === 0,
      );
      const few = ["iterations", "solverSteps"]
        .filter((option) => option in options)
        .map((option) => [option, 1]);
      const given = Object.fromEntries([...few, ...zeros.map(([option]) => [option, 0])]);
      if (name === "gluon") given.l1 = 1;
      const optimizer = createOptimizer(name, { roles, ...given });
      const end = oneStep(optimizer, { w: np.zeros([3, 4]), bias: array(Float32Array.of(0, 1, 0), [3]) });
      expect(end.filter((x) => !Number.isFinite(x))).toEqual([]);
    },
  );

  test("clipGlobalNorm: Infinity is none, as PyTorch's users write it", () => {
    const plain = run(createOptimizer("sgd"), { steps: 2 });
    expect(run(createOptimizer("sgd", { clipGlobalNorm: Number.POSITIVE_INFINITY }), { steps: 2 })).toEqual(
      plain,
    );
    expect(run(createOptimizer("sgd", { clipGlobalNorm: 1e300 }), { steps: 2 })).toEqual(plain);
    for (const wrong of [0, -1, Number.NaN])
      expect(() => createOptimizer("sgd", { clipGlobalNorm: wrong })).toThrow(/clipGlobalNorm must be > 0/);
    const [tiny] = clipByGlobalNorm(1e-300).update(gradients(0), {}, weights());
    expect(flatten(tiny).every((x) => Math.abs(x) < 1e-37)).toBe(true);
  });

  test("infinity, and what is infinite in float32, is refused by every option that is a number", () => {
    for (const name of optimizerNames())
      for (const [option, { kind, check }] of Object.entries(describeOptimizer(name).options)) {
        if (kind !== "number" && kind !== "rate" && kind !== "integer") continue;
        for (const wrong of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e39])
          expect(check(wrong), `${name} ${option} ${wrong}`).toBeUndefined();
      }
    expect(() => createOptimizer("hyperball", { radius: Number.POSITIVE_INFINITY })).toThrow(
      /radius must be/,
    );
  });
});

test("parameters without entries are passed over", () => {
  const optimizer = createOptimizer("adamw", { clipGlobalNorm: 1, skipNonFinite: true });
  const start = { w: array(wave(12, 1), [3, 4]), none: np.zeros([0, 4]) };
  const end = oneStep(optimizer, { w: array(wave(12, 2), [3, 4]), none: np.zeros([0, 4]) }, start);
  expect(end.length).toBe(12);
  expect(end.every(Number.isFinite)).toBe(true);
});

test.each(["alice", "alice0"] as const)("%s: init is pure, two states of one optimizer are alike", (name) => {
  const optimizer = createOptimizer(name, { roles, rank: 2, switchEvery: 1, leading: 0 });
  const states = [0, 1].map(() => flatten(optimizer.init(tree(1))));
  expect(states[0]).toEqual(states[1]);
});

describe("ratios of two rounded quantities", () => {
  // In the bases of a gradient itself, or where it has null directions, rotated X and v are rounding of their own there.
  const outer = (seed: number): np.Array =>
    array(wave(24, seed), [24, 1])
      .mul(array(wave(16, seed + 1), [1, 16]))
      .mul(1e3);
  /** Of rank one; and of full rank, where an entry comes near the share below which entries count as nothing. */
  const hard = (): (readonly [string, np.Array])[] => [
    ...[2, 3].map((seed) => [`outer ${seed}`, outer(seed)] as const),
    ...[2, 12].map((seed) => [`normal ${seed}`, random.normal(random.key(seed), [32, 32]).mul(100)] as const),
  ];
  const longest = (step: number[]): number => Math.max(...step.map(Math.abs));
  const settings: Partial<Record<OptimizerName, Readonly<Record<string, unknown>>>> = {
    adadiag: {},
    adadiag_pp: {},
    eigen_adam: {},
    conda: {},
    soap: { firstStep: "project" },
    alice: { rank: 4, alpha: 1 },
    alice0: { rank: 4, alpha: 1 },
  };

  test.each(Object.entries(settings))(
    "%s: no entry of a first step is longer than the method allows",
    (name, own) => {
      const rate = { learningRate: 1, weightDecay: 0, roles: { w: "hidden" } };
      const optimizer = createOptimizer(name, { ...rate, ...own } as Record<string, unknown>);
      // Rotated entries of ±1 come back as √(mn) at the very most, those of real gradients as less than 6.
      for (const [label, w] of hard())
        expect(longest(oneStep(optimizer, { w }, { w: np.zeros(w.shape) })), label).toBeLessThan(
          name.startsWith("alice") ? 12 : 6,
        );
    },
  );
});

test("normuon: gradients near the smallest numbers leave finite weights", () => {
  const optimizer = createOptimizer("normuon", { roles, learningRate: 1 });
  for (const factor of [1e-36, 1e-38, 1e-40, 1e-42]) {
    const w = array(wave(12, 4), [3, 4]).mul(factor);
    expect(oneStep(optimizer, { w, bias: np.zeros([3]) }).every(Number.isFinite), String(factor)).toBe(true);
  }
});
