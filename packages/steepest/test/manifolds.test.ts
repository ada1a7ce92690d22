import { numpy as np } from "@jax-js/jax";
import { applyUpdates, createOptimizer, type OptimizerState, refTree } from "steepest";
import { type Manifold, oblique, sphere, stiefel } from "steepest/manifolds";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { retractedTrace } from "../src/optimizers/mano/retractedTrace.ts";
import { array, distance, run, wave } from "./support/trees.ts";

const shape = [6, 4];
const matrix = (seed: number): np.Array => array(wave(24, seed), shape);
const largest = (x: np.Array): number => np.max(np.abs(x)).item();
const inner = (a: np.Array, b: np.Array): number => np.sum(a.mul(b)).item();

const manifolds: Manifold[] = [oblique(), oblique("rows"), sphere(1.7), stiefel({ polar: "svd" }), stiefel()];

// float32 sums of 24 products of size 1, and 10 Newton-Schulz steps.
const rounding = 2e-5;

describe.each(manifolds)("$name", (manifold) => {
  const point = (): np.Array => manifold.nearest(matrix(1));

  test("nearest is idempotent", () => {
    expect(largest(manifold.nearest(point()).sub(point()))).toBeLessThan(rounding);
  });

  test("the tangent projection is idempotent, symmetric and orthogonal to what it drops", () => {
    claim(
      ["manifold_normalized", "rsgd", "rsgd_m", "mcsd"],
      "the tangent projection is idempotent, symmetric and orthogonal to what it drops",
    );
    const once = (seed: number): np.Array => manifold.tangent(point(), matrix(seed));
    expect(largest(manifold.tangent(point(), once(2)).sub(once(2)))).toBeLessThan(rounding);
    expect(inner(once(2), matrix(3))).toBeCloseTo(inner(matrix(2), once(3)), 4);
    expect(Math.abs(inner(once(2), matrix(2).sub(once(2))))).toBeLessThan(1e-4);
  });

  test("a retraction stays on the manifold and moves along the step to first order", () => {
    claim(["rsgd", "rsgd_m"], "a retraction stays on the manifold and moves along the step to first order");
    const step = (eta: number): np.Array => manifold.tangent(point(), matrix(2)).mul(eta);
    const moved = (eta: number): np.Array => manifold.retract(point(), step(eta));
    expect(largest(manifold.nearest(moved(0.3)).sub(moved(0.3)))).toBeLessThan(rounding);
    const error = (eta: number): number => largest(moved(eta).sub(point().add(step(eta))));
    expect(error(0.1) / error(0.2)).toBeLessThan(0.3); // second order: a quarter
  });

  if (manifold.exponential !== undefined)
    test("the geodesic agrees with the retraction to η³", () => {
      const apart = (eta: number): number => {
        const step = (): np.Array => manifold.tangent(point(), matrix(2)).mul(eta);
        const end = manifold.exponential?.(point(), step()) ?? point();
        return largest(end.sub(manifold.retract(point(), step())));
      };
      expect(apart(0.1) / apart(0.2)).toBeLessThan(0.16); // an eighth
    });

  test("leaks nothing", async () => {
    const work = (): void => {
      manifold.retract(point(), manifold.tangent(point(), matrix(2))).js();
      manifold.exponential?.(point(), matrix(2)).js();
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

describe("rsgd", () => {
  test("on the sphere finds the leading eigenvector of a quadratic", () => {
    claim("rsgd", "on the sphere finds the leading eigenvector of a quadratic");
    const values = Float32Array.of(5, 3, 2, 1, 0.5);
    const optimizer = createOptimizer("rsgd", { manifold: "sphere", learningRate: 0.1 });
    let params = { w: array(wave(5, 2), [5, 1]) };
    let state: OptimizerState = optimizer.init(refTree(params));
    for (let step = 0; step < 80; step++) {
      params.w.ref.js(); // computed now: what is never read grows from step to step
      const gradient = { w: params.w.ref.mul(array(values, [5, 1])).mul(-1) };
      const [updates, next] = optimizer.update(gradient, state, refTree(params));
      state = next;
      params = applyUpdates(params, updates);
    }
    const found = (params.w.js() as number[][]).flat();
    expect(Math.abs(found[0] ?? 0)).toBeCloseTo(1, 5);
    expect(Math.hypot(...found)).toBeCloseTo(1, 5);
  });

  test.each(["oblique", "sphere", "stiefel"] as const)("%s: a radial gradient moves nothing", (manifold) => {
    claim("rsgd", "A radial gradient moves nothing");
    const start = () => ({
      w: (manifold === "stiefel" ? stiefel() : manifold === "sphere" ? sphere() : oblique()).nearest(
        matrix(1),
      ),
    });
    const options = { start, gradient: () => ({ w: start().w.mul(3) }), steps: 2 };
    const moved = run(createOptimizer("rsgd", { manifold, learningRate: 0.1 }), options);
    expect(distance(moved, start().w.js().flat() as number[])).toBeLessThan(rounding);
  });

  test("retraction and geodesic agree for small steps", () => {
    claim("rsgd", "On the oblique manifold retraction and geodesic agree for small steps");
    const options = {
      start: () => ({ w: matrix(1) }),
      gradient: (step: number) => ({ w: matrix(3 + step) }),
    };
    const end = (step: "retraction" | "exponential") =>
      run(createOptimizer("rsgd", { step, learningRate: 1e-2 }), options);
    expect(distance(end("retraction"), end("exponential"))).toBeLessThan(1e-4);
    expect(distance(end("retraction"), end("exponential"))).toBeGreaterThan(0);
  });
});

test.each(["rsgd_m", "mcsd"] as const)("%s: weight decay by hand, before the projection", (name) => {
  claim(name, "Weight decay shrinks the weight before it is put back on the manifold: by hand");
  const [learningRate, weightDecay] = [0.1, 0.5];
  const manifold = sphere();
  const point = (): np.Array => manifold.nearest(matrix(1));
  const options = { start: () => ({ w: point() }), gradient: () => ({ w: matrix(2) }), steps: 1 };
  const end = (decay: number): number[] =>
    run(createOptimizer(name, { manifold: "sphere", learningRate, weightDecay: decay }), options);
  const tangent = manifold.tangent(point(), matrix(2));
  const length = name === "mcsd" ? Math.sqrt(inner(tangent.ref, tangent.ref)) : 1; // lmo of the Frobenius norm
  const free = point()
    .mul(1 - learningRate * weightDecay)
    .sub(tangent.mul(learningRate / length));
  expect(distance(end(weightDecay), manifold.nearest(free).js().flat() as number[])).toBeLessThan(1e-6);
  expect(distance(end(weightDecay), end(0))).toBeGreaterThan(1e-4);
});

describe("mano", () => {
  const [m, n] = [6, 4];
  const target = (): np.Array => matrix(7);

  /** ½‖W − T‖², L = 1: the norms of the gradients, the smallest sine of a column with its weight, and f at the start. */
  function descend(steps: number, c: number) {
    const optimizer = createOptimizer("mano_simple", { learningRate: c / Math.sqrt(steps + 1) });
    let params = { w: matrix(1) };
    let state: OptimizerState = optimizer.init(refTree(params));
    const norms: number[] = [];
    let sine = 1;
    const first = 0.5 * inner(params.w.ref.sub(target()), params.w.ref.sub(target()));
    for (let step = 0; step <= steps; step++) {
      params.w.ref.js(); // computed now, as above
      const g = params.w.ref.sub(target());
      norms.push(Math.sqrt(inner(g.ref, g.ref)));
      const cosines = np
        .sum(g.ref.mul(params.w.ref), 0)
        .div(np.sqrt(np.sum(np.square(g.ref), 0)))
        .div(np.sqrt(np.sum(np.square(params.w.ref), 0)));
      for (const cosine of cosines.js() as number[])
        sine = Math.min(sine, Math.sqrt(Math.max(0, 1 - cosine ** 2)));
      const [updates, next] = optimizer.update({ w: g }, state, refTree(params));
      state = next;
      params = applyUpdates(params, updates);
    }
    params.w.dispose();
    return { norms, sine, first };
  }

  test.each([20, 80])("the theorem's bound holds on a quadratic, %d steps", (steps) => {
    claim("mano_simple", "The theorem's bound holds on a quadratic for 20 and for 80 steps");
    const c = 0.2;
    const { norms, sine, first } = descend(steps, c);
    const [c1, c2] = [first / (Math.sqrt(m) * sine * c), (Math.sqrt(m) * n * c) / (2 * sine)];
    expect(sine).toBeGreaterThan(0);
    expect(Math.min(...norms)).toBeLessThan((c1 + c2) / Math.sqrt(steps + 1));
  });

  test("the lemma: ⟨G, v̂⟩ = Σ ‖Gⱼ‖ sin φⱼ", () => {
    claim("mano_simple", "the lemma: ⟨G, v̂⟩ = Σ ‖Gⱼ‖ sin φⱼ");
    const optimizer = createOptimizer("mano_simple", { learningRate: 1 });
    const [w, g] = [matrix(1), matrix(2)];
    const state = optimizer.init({ w: w.ref });
    const [updates] = optimizer.update({ w: g.ref }, state, { w: w.ref });
    const step = (updates as { w: np.Array }).w.mul(-1 / Math.sqrt(m));
    const lengths = np.sqrt(np.sum(np.square(g.ref), 0)).js() as number[];
    const sizes = np.sqrt(np.sum(np.square(w.ref), 0)).js() as number[];
    const dots = np.sum(g.ref.mul(w), 0).js() as number[];
    const expected = lengths.reduce((sum, length, j) => {
      const cosine = (dots[j] ?? 0) / (length * (sizes[j] ?? 1));
      return sum + length * Math.sqrt(1 - cosine ** 2);
    }, 0);
    expect(inner(g, step)).toBeCloseTo(expected, 4);
  });

  const options = { start: () => ({ w: matrix(1) }), gradient: (step: number) => ({ w: matrix(3 + step) }) };

  test("columns and rows in turn differ from a fixed axis from the second step on", () => {
    claim("mano", "columns and rows in turn differ from a fixed axis from the second step on");
    const end = (axis: "alternate" | "columns", steps: number) =>
      run(createOptimizer("mano", { axis }), { ...options, steps });
    expect(distance(end("alternate", 1), end("columns", 1))).toBe(0);
    expect(distance(end("alternate", 2), end("columns", 2))).toBeGreaterThan(1e-5);
  });

  test("retracted momentum is the plain one at the first step, and another after", () => {
    const end = (retractMomentum: boolean, steps: number) =>
      run(createOptimizer("mano", { retractMomentum }), { ...options, steps });
    expect(distance(end(true, 1), end(false, 1))).toBeLessThan(1e-6);
    expect(distance(end(true, 3), end(false, 3))).toBeGreaterThan(1e-6);
    expect(() => createOptimizer("mano", { retractMomentum: true, nesterov: true })).toThrow(/nesterov/);
  });

  test("retracted momentum by hand: M ← tangent part of μM + G, emitted and kept", () => {
    claim("mano", "Momentum as retractMomentum keeps it, by hand: M ← tangent part of μM + G, along columns");
    const transform = retractedTrace(0.5, 0);
    const manifold = oblique();
    const tangent = (x: np.Array): np.Array => manifold.tangent(manifold.nearest(matrix(1)), x);
    let state = transform.init({ w: matrix(1) });
    let kept: np.Array = np.zeros(shape);
    for (const seed of [3, 4, 5]) {
      const [u, next] = transform.update({ w: matrix(seed) }, state, { w: matrix(1) });
      state = next;
      kept = tangent(kept.mul(0.5).add(matrix(seed)));
      expect(largest((u as { w: np.Array }).w.sub(kept.ref))).toBeLessThan(rounding);
    }
    kept.dispose();
  });

  test("manifold_normalized on the oblique manifold is mano on a fixed axis", () => {
    claim("manifold_normalized", "manifold_normalized on the oblique manifold is mano with axis columns");
    const end = (name: "manifold_normalized" | "mano") =>
      run(
        name === "mano"
          ? createOptimizer("mano", { axis: "columns" })
          : createOptimizer("manifold_normalized", { momentum: 0.95 }),
        options,
      );
    expect(distance(end("manifold_normalized"), end("mano"))).toBeLessThan(1e-6);
  });

  test("both axes: the vectors along the last one are unit, and one row gives the sign", () => {
    claim(
      "mano_v2_both",
      "The vectors along the last axis have length 0.2√m, and one row gives 0.2 of the sign",
    );
    const optimizer = createOptimizer("mano_v2_both", { learningRate: 1, weightDecay: 0 });
    const state = optimizer.init({ w: matrix(1) });
    const [updates] = optimizer.update({ w: matrix(2) }, state, { w: matrix(1) });
    const lengths = np.sqrt(np.sum(np.square((updates as { w: np.Array }).w), 0)).js() as number[];
    for (const length of lengths) expect(length).toBeCloseTo(0.2 * Math.sqrt(m), 5);
    const row = { w: array(Float32Array.of(0.3, -2, 0.01), [1, 3]) };
    const start = optimizer.init(refTree(row));
    const [signs] = optimizer.update(refTree(row), start, { w: np.zeros([1, 3]) });
    row.w.dispose();
    const values = ((signs as { w: np.Array }).w.js() as number[][]).flat();
    for (const [i, sign] of [-1, 1, -1].entries()) expect(values[i]).toBeCloseTo(0.2 * sign, 5);
  });
});
