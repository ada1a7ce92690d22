import { numpy as np } from "@jax-js/jax";
import { createOptimizer, disposeTree, type OptimizerName } from "steepest";
import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { balanceRows } from "../src/optimizers/muon/balanceRows.ts";
import { addCautiousDecay } from "../src/transforms/addCautiousDecay.ts";
import { sample } from "./matrixSamples.ts";
import { combine, frobeniusOf, innerOf, type Rows, rowsOf, spectrally } from "./support/float64.ts";
import { array, compiledUpdate, distance, flatten, gradients, run, weights } from "./support/trees.ts";

const sides = [6, 4] as const;
const g = (): np.Array => array(sample("gaussian", ...sides, 3), sides);
const w = (): np.Array => array(sample("gaussian", ...sides, 1), sides);
const [gRows, wRows] = [rowsOf(flatten(g()), sides), rowsOf(flatten(w()), sides)];

/** The first update, as rows. */
function step(name: OptimizerName, options: Readonly<Record<string, unknown>>): Rows {
  const optimizer = createOptimizer(name, { learningRate: 1, weightDecay: 0, ...options });
  const { update, dispose } = compiledUpdate(optimizer);
  const [updates, next] = update({ w: g() }, optimizer.init({ w: w() }), { w: w() });
  disposeTree(next);
  dispose();
  return rowsOf(flatten(updates), sides);
}
const off = (a: Rows, b: Rows): number => distance(a.flat(), b.flat()) / Math.max(...b.flat().map(Math.abs));
const rms = (a: Rows): number => frobeniusOf(a) / Math.sqrt(a.flat().length);

describe("options of Muon's relatives", () => {
  const exact = { polar: "svd", momentum: 0, scale: "none" } as const;

  test("muon_optax, adaptive: the polar factor times ⟨O, U⟩, the look-ahead's size counting", () => {
    const polar = spectrally(gRows, () => 1);
    // Without momentum U = G(1−β)/(1−β) = G.
    const nuclear = innerOf(polar, gRows);
    expect(
      off(
        step("muon_optax", { ...exact, adaptive: true }),
        combine((x) => -nuclear * x, polar),
      ),
    ).toBeLessThan(1e-5);
    expect(
      off(
        step("muon_optax", exact),
        combine((x) => -x, polar),
      ),
    ).toBeLessThan(1e-5);
  });

  test("muon_plus, nuclearScaling: ⟨O, U⟩ of the O after its slices", () => {
    for (const slices of ["none", "col_row"] as const) {
      const plain = step("muon_plus", { ...exact, slices });
      const factor = -innerOf(plain, gRows); // plain is −O
      const scaled = step("muon_plus", { ...exact, slices, nuclearScaling: true });
      expect(
        off(
          scaled,
          combine((x) => factor * x, plain),
        ),
      ).toBeLessThan(1e-5);
    }
  });

  test("normuon, rescaling rms: RMS 0.2 for every shape, without shape factor", () => {
    for (const scale of ["shape", "spectral"] as const)
      expect(rms(step("normuon", { scale, rescaling: "rms" }))).toBeCloseTo(0.2, 5);
    const norm = step("normuon", { scale: "none" });
    const paper = step("normuon", { rescaling: "rms" });
    expect(
      off(
        paper,
        combine((x) => (0.2 / rms(norm)) * x, norm),
      ),
    ).toBeLessThan(1e-5);
  });

  test("balanceRows, with a given RMS: zero stays zero, nothing leaks", async () => {
    const balance = balanceRows({ rms: 0.2 });
    const once = (fill: number): number[] => {
      const start = { w: np.zeros([3, 2]) };
      const [updates, next] = balance.update(
        { w: np.full([3, 2], fill) },
        balance.init({ w: np.zeros([3, 2]) }),
        start,
      );
      disposeTree(next);
      return flatten(updates);
    };
    expect(once(0)).toEqual([0, 0, 0, 0, 0, 0]);
    for (const x of once(3)) expect(x).toBeCloseTo(0.2, 6);
    expect(await leakedBuffers(() => once(3))).toBe(0);
  });

  test("cautious decay: only where the step shrinks the weight too", () => {
    const weightDecay = 0.3;
    for (const name of ["normuon", "muon", "muon_plus"] as const) {
      const plain = step(name, {});
      const cautious = step(name, { weightDecay, weightDecayMode: "cautious" });
      const expected = combine((u, x) => (-u * x >= 0 ? u - weightDecay * x : u), plain, wRows);
      expect(off(cautious, expected)).toBeLessThan(1e-5);
      expect(off(plain, expected)).toBeGreaterThan(1e-2);
    }
  });

  test("addCautiousDecay counts a zero update as agreement, and leaks nothing", async () => {
    const once = (): number[] => {
      const [updates] = addCautiousDecay(0.5).update(
        { w: np.array([0, 1, -1, 1]) },
        {},
        { w: np.array([2, 2, 2, -2]) },
      );
      return flatten(updates);
    };
    expect(once()).toEqual([1, 2, -1, 1]);
    expect(await leakedBuffers(once)).toBe(0);
  });

  test("riemannian_aurora: more conjugate-gradient steps come closer to the default's twenty", () => {
    const at = (solverSteps?: number): Rows =>
      step("riemannian_aurora", {
        momentum: 0,
        iterations: 2,
        ...(solverSteps === undefined ? {} : { solverSteps }),
      });
    const reference = at();
    expect(off(at(20), reference)).toBe(0);
    const [one, six] = [off(at(1), reference), off(at(6), reference)];
    expect(one).toBeGreaterThan(1e-4);
    expect(six).toBeLessThan(one / 3);
  });

  test("muon_plus: AdamW for the rest with both weights of the past 0.95", () => {
    const options = { learningRate: 1e-2, weightDecay: 0.1 };
    const rest = run(createOptimizer("muon_plus", options)).slice(48);
    const adam = run(createOptimizer("adamw", { ...options, b1: 0.95, b2: 0.95, eps: 1e-8 })).slice(48);
    expect(distance(rest, adam)).toBeLessThan(1e-6);
  });
});

describe("lars", () => {
  test("the trust ratio over ‖G‖ alone: κ‖W‖/‖G‖·(G + λW), for vectors neither", () => {
    const [rate, coefficient, lambda] = [0.5, 1e-2, 0.2];
    const lars = createOptimizer("lars", {
      learningRate: rate,
      momentum: 0,
      trustCoefficient: coefficient,
      trustDenominator: "gradient",
      weightDecay: lambda,
    });
    const [updates, next] = lars.update({ w: g() }, lars.init({ w: w() }), { w: w() });
    disposeTree(next);
    const ratio = (coefficient * frobeniusOf(wRows)) / frobeniusOf(gRows);
    const expected = combine((x, y) => -rate * ratio * (x + lambda * y), gRows, wRows);
    expect(off(rowsOf(flatten(updates), sides), expected)).toBeLessThan(1e-5);
    const vector = { w: np.array([1, -2]) };
    const [plain, none] = lars.update({ w: np.array([3, 4]) }, lars.init({ w: vector.w.ref }), vector);
    disposeTree(none);
    expect(flatten(plain)).toEqual([-1.5, -2]);
  });

  test("without decay the three ratios are one; the default is optax's", () => {
    const at = (options: Readonly<Record<string, unknown>>): number[] =>
      run(createOptimizer("lars", { learningRate: 1, ...options }), { start: weights, gradient: gradients });
    const plain = at({});
    for (const trustDenominator of ["sum", "sumOfNorms", "gradient"])
      expect(distance(at({ trustDenominator }), plain)).toBeLessThan(1e-6);
    const decayed = at({ weightDecay: 1 });
    expect(distance(at({ weightDecay: 1, trustDenominator: "sum" }), decayed)).toBe(0);
    expect(distance(at({ weightDecay: 1, trustDenominator: "gradient" }), decayed)).toBeGreaterThan(1e-4);
  });
});
