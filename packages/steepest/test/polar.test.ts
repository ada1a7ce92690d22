import { numpy as np } from "@jax-js/jax";
import { createOptimizer, OptionError, optimizerNames } from "steepest";
import { stiefel } from "steepest/manifolds";
import {
  gramNewtonSchulz,
  lakic,
  leveragePolar,
  newtonSchulz,
  type Polar,
  polar,
  polarExpress,
  polarFunction,
  polarNames,
} from "steepest/matrix";
import { createNorm } from "steepest/norms";
import { orthogonalize } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { arrayOf, maxDifference } from "./matrixSamples.ts";

const x = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 6 });

const ways: [label: string, how: Polar, same: (x: np.Array) => np.Array][] = [
  ["newtonSchulz", "newtonSchulz", (a) => newtonSchulz(a)],
  ["gram", "gram", (a) => gramNewtonSchulz(a)],
  ["polarExpress", "polarExpress", (a) => polarExpress(a)],
  ["lakic", "lakic", (a) => lakic(a)],
  ["svd", "svd", (a) => polar(a)],
  ["settings alone", { coefficients: "you6" }, (a) => newtonSchulz(a, { coefficients: "you6" })],
  ["form gram", { form: "gram", steps: 3 }, (a) => gramNewtonSchulz(a, { steps: 3 })],
  ["gram, restarts", { method: "gram", restarts: [2] }, (a) => gramNewtonSchulz(a, { restarts: [2] })],
  [
    "polarExpress, steps",
    { method: "polarExpress", variant: "polarExpressNvidia", steps: 8 },
    (a) => newtonSchulz(a, { coefficients: "polarExpressNvidia", steps: 8 }),
  ],
  ["lakic, steps", { method: "lakic", steps: 3 }, (a) => lakic(a, { steps: 3 })],
  ["a function", (a) => a.mul(2), (a) => a.mul(2)],
];

describe.each(ways)("polar by %s", (_label, how, same) => {
  test("is the function of that name, for matrices and stacks, and leaks nothing", async () => {
    expect(maxDifference(polar(x(), how), same(x()))).toBe(0);
    const stack = polar(np.stack([x(), x().mul(2)]), how);
    expect(stack.shape).toEqual([2, 3, 8]);
    expect(maxDifference(stack.slice(0), same(x()))).toBeLessThan(1e-6);
    expect(await leakedBuffers(() => polar(x(), how).js())).toBe(0);
  });

  test("norms, manifolds, transforms and leveragePolar take it", () => {
    expect(maxDifference(createNorm("operator", { polar: how }).lmo(x()), same(x()).mul(-1))).toBe(0);
    expect(maxDifference(stiefel({ polar: how }).nearest(x()), same(x()))).toBe(0);
    const [moved] = orthogonalize(how).update({ w: x() }, {}, { w: x() });
    expect(maxDifference((moved as { w: np.Array }).w, same(x()))).toBe(0);
    const square = (): np.Array => x().slice([], [0, 3]);
    expect(maxDifference(leveragePolar(square(), { polar: how }), same(square()))).toBe(0);
  });
});

describe("what makes no sense is refused before the first step", () => {
  const refused: [how: unknown, message: string | RegExp][] = [
    [
      "newtonShulz",
      /unknown polar "newtonShulz" \(did you mean "newtonSchulz"\?\)\. There are newtonSchulz, gram/,
    ],
    ["toString", 'unknown polar "toString"'],
    [{ method: "svd", steps: 5 }, 'polar "svd" has no option "steps". Its options are nullBelow'],
    [{ step: 5 }, 'polar "newtonSchulz" has no option "step" (did you mean "steps"?)'],
    [{ steps: 0 }, 'steps of "keller" must be a positive integer, got 0'],
    [{ method: "gram", steps: 0 }, 'steps of "keller" must be a positive integer, got 0'],
    [{ method: "gram", restarts: [0.5] }, "restarts must be whole step numbers ≥ 1, got 0.5"],
    [{ method: "lakic", steps: 1.5 }, "lakic: steps must be a positive integer, got 1.5"],
    [{ method: "polarExpress", variant: "polarexpres" }, 'did you mean "polarExpress"'],
    [{ coefficients: "kelle" }, 'did you mean "keller"'],
    [{ normalization: "kelle" }, 'did you mean "keller"'],
    [{ form: "grams" }, /form must be auto, standard or gram, got "grams"/],
    [{ coefficients: "aol4" }, 'normalization: "aol"'],
    [{ coefficients: [[3, -6, 0]] }, /below zero|sign/],
  ];
  test.each(refused)("%j", (how, message) => {
    expect(() => polarFunction(how as Polar)).toThrow(message);
    expect(() => createNorm("spectral", { polar: how as Polar })).toThrow(message);
  });
});

describe("one vocabulary for all optimizers", () => {
  const users = optimizerNames().filter((name) => "polar" in createOptimizer(name).options);

  test("those that take a polar factor share the names, the values and the sentences", () => {
    expect(users.length).toBeGreaterThan(30);
    for (const name of users) {
      const { options } = createOptimizer(name);
      expect(Object.keys(options), name).toEqual(
        expect.arrayContaining(["polar", "coefficients", "steps", "normalization"]),
      );
      for (const way of polarNames)
        expect(() => createOptimizer(name, { polar: way } as never)).not.toThrow();
    }
    for (const name of optimizerNames())
      if ("coefficients" in createOptimizer(name).options) expect(users).toContain(name);
  });

  test.each([
    "muon",
    "scion",
    "f_muon",
    "spel",
    "muown",
    "dion2",
    "aurora",
    "sso",
    "clipped_spectral",
  ] as const)("%s: every way moves weights, gram as newtonSchulz, svd another way", (name) => {
    const step = (options: Readonly<Record<string, unknown>>): np.Array => {
      const optimizer = createOptimizer(name, options as never);
      const start = (): np.Array => arrayOf({ kind: "gaussian", m: 4, n: 6, seed: 2 });
      const gradient = arrayOf({ kind: "gaussian", m: 4, n: 6, seed: 3 });
      const [updates] = optimizer.update({ w: gradient }, optimizer.init({ w: start() }), { w: start() });
      return (updates as { w: np.Array }).w;
    };
    const size = np.max(np.abs(step({}))).item();
    expect(maxDifference(step({ polar: "gram" }), step({ polar: "newtonSchulz" }))).toBeLessThan(1e-4 * size);
    const others = ["lakic", "svd"].map((polar) =>
      maxDifference(step({ polar, steps: 2 }), step({ steps: 2 })),
    );
    for (const difference of others) expect(difference).toBeGreaterThan(1e-3 * size);
  });

  test("values that do not go together are an OptionError", () => {
    for (const name of ["muon", "scion", "spel"] as const) {
      const build = () => createOptimizer(name, { coefficients: "aol4" });
      expect(build).toThrow(OptionError);
      expect(build).toThrow('normalization: "aol"');
      expect(() => createOptimizer(name, { coefficients: "aol4", normalization: "aol" })).not.toThrow();
    }
  });
});
