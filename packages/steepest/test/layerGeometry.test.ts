import { numpy as np, random } from "@jax-js/jax";
import { createOptimizer, layerGeometry, type Parameter } from "steepest";
import { createNorm } from "steepest/norms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

const weight: Parameter = { path: "w", shape: [6, 4], role: "hidden" };

/** The first update of a 6 × 4 weight at zero, rate 0.01. */
function firstStep(name: string, options: Readonly<Record<string, unknown>>): np.Array {
  const optimizer = createOptimizer(name, {
    learningRate: 0.01,
    weightDecay: 0,
    roles: { w: "hidden" },
    ...options,
  });
  const state = optimizer.init({ w: np.zeros([6, 4]) });
  const g = random.normal(random.key(1), [6, 4]);
  const context = { phase: 0, first: true };
  const [updates, next] = optimizer.update({ w: g }, state, { w: np.zeros([6, 4]) }, context);
  for (const [, leaf] of leavesOf(next)) leaf.dispose();
  return (updates as { w: np.Array }).w;
}

const leavesOf = (node: unknown, path = ""): [string, np.Array][] =>
  typeof (node as { dispose?: unknown }).dispose === "function"
    ? [[path, node as np.Array]]
    : Object.entries(node as object).flatMap(([key, child]) => leavesOf(child, `${path}.${key}`));

// Keller's polynomial sends singular values to between 0.68 and 1.13, the other schedules to 1.3 at most.
const inexact = [0.65, 1.3] as const;
const exact = [1 - 1e-4, 1 + 1e-4] as const;
const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly [number, number]])[] = [
  ["muon", {}, inexact],
  ["muon_torch", {}, inexact],
  ["muon_moonlight", {}, inexact],
  ["muon_emerging", {}, inexact],
  ["muon_gram", {}, inexact],
  ["muon_exact", {}, exact],
  ["nsgd", {}, exact],
  ["neon", { topPair: "svd" }, exact],
  ["f_muon", { polar: "svd", alpha: 0.3 }, exact],
  ["f_neon", { topPair: "svd", alpha: 0.3 }, exact],
  ["signsgd", {}, exact],
  ["signum", {}, exact],
  ["lion", {}, exact],
  ["colnorm_sgd", {}, exact],
  ["rownorm_sgd", {}, exact],
  ["unconstrained_scion", { radius: 7 }, inexact],
  ["uscg", { norm: "max", radius: 3 }, exact],
  ["ucg", { norm: "frobenius", radius: 3 }, exact],
];

describe("a step has the length γ · radius in the method's own norm", () => {
  test.each(cases)("%s %o", (name, options, [least, most]) => {
    const geometry = layerGeometry(name, options)(weight);
    if (geometry === undefined) return expect.unreachable();
    const length = geometry.norm.value(firstStep(name, options)).item() / (0.01 * geometry.radius);
    expect(length).toBeGreaterThan(least);
    expect(length).toBeLessThan(most);
  });
});

test("the dual norm of Muon's geometry is the nuclear norm, to 1e-3", () => {
  const geometry = layerGeometry("muon")(weight);
  const draw = (): np.Array => random.normal(random.key(4), [6, 4]);
  const nuclear = createNorm("nuclear").value(draw()).item();
  expect(geometry?.radius).toBeCloseTo(Math.sqrt(1.5), 6);
  expect((geometry?.norm.dual(draw()).item() ?? 0) / nuclear).toBeCloseTo(1, 3);
});

test("convolutions are seen as [dOut, rest]; what has no norm has none", () => {
  const conv: Parameter = { path: "c", shape: [4, 3, 2, 2], role: "conv" };
  const flat = layerGeometry("muon")(conv);
  const kernel = (): np.Array => random.normal(random.key(2), [4, 3, 2, 2]);
  const sigma = createNorm("operator")
    .value(kernel().reshape([4, 12]))
    .item();
  expect(flat?.norm.value(kernel()).item()).toBeCloseTo(sigma, 3);
  for (const name of ["adamw", "soap", "sgd", "normuon"]) expect(layerGeometry(name)(weight)).toBeUndefined();
  expect(layerGeometry("muon")({ path: "e", shape: [9, 4], role: "embedding" })).toBeUndefined();
});

test("groups have norms and radii of their own; frozen parameters none", () => {
  const options = {
    radius: 2,
    groups: [
      { match: "w", radius: 5 },
      { match: "still", freeze: true },
    ],
  };
  const of = layerGeometry("scion", options);
  expect(of(weight)).toMatchObject({ normName: "spectral", radius: 5 });
  expect(of({ ...weight, path: "other" })?.radius).toBe(2);
  expect(of({ ...weight, path: "still" })).toBeUndefined();
  expect(() => layerGeometry("muon", { learningRat: 1 })).toThrow(/learningRate/);
});

test("a weight in blocks is several weights, so it has no norm of its own", () => {
  const of = layerGeometry("muon", { blocks: 3, auxiliaryLearningRate: 1e-3 });
  expect(of(weight)).toBeUndefined();
  expect(layerGeometry("scion", { blocks: 3 })({ ...weight, path: "e", role: "embedding" })).toBeDefined();
});

test("leaks nothing", async () => {
  const geometry = layerGeometry("muon")(weight);
  const use = (): number[] => {
    const w = random.normal(random.key(1), [6, 4]);
    return [geometry?.norm.value(w.ref).item() ?? 0, geometry?.norm.dual(w).item() ?? 0];
  };
  expect(await leakedBuffers(use)).toBe(0);
});
