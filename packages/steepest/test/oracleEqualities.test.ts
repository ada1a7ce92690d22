import type { numpy as np } from "@jax-js/jax";
import {
  createOptimizer,
  describeOptimizer,
  disposeTree,
  mapLeaves,
  type OptimizerName,
  optimizerNames,
  type Tree,
} from "steepest";
import { createNorm, normNames, normOptions } from "steepest/norms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";

import { sample } from "./matrixSamples.ts";
import { combine, dot, type Rows, rowsOf, transpose } from "./support/float64.ts";
import { reflection } from "./support/spectrum.ts";
import { array, compiledUpdate, distance, flatten, gradients, run } from "./support/trees.ts";

type Sides = readonly [number, number];
const matrix = (rows: Rows): np.Array =>
  array(Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);
const gaussian = (sides: Sides, seed: number): Rows => rowsOf(sample("gaussian", ...sides, seed), sides);

/** Updates of the first steps with given gradients, at weights that stay. */
function steps(
  name: OptimizerName,
  options: Readonly<Record<string, unknown>>,
  given: readonly Rows[],
  weight: Rows = combine(() => 0, given[0] ?? []),
): Rows[] {
  const optimizer = createOptimizer(name, { learningRate: 1, ...options });
  const compiled = compiledUpdate(optimizer);
  let state: Tree = optimizer.init({ w: matrix(weight) });
  const moved = given.map((g, step) => {
    const context = { phase: step % optimizer.period, first: step === 0 };
    const [updates, next] = compiled.update({ w: matrix(g) }, state, { w: matrix(weight) }, context);
    state = next;
    return rowsOf(flatten(updates), [g.length, g[0]?.length ?? 0]);
  });
  disposeTree(state);
  compiled.dispose();
  return moved;
}
const first = (...given: [...Parameters<typeof steps>]): Rows => steps(...given)[0] ?? [];
const off = (a: Rows, b: Rows): number => distance(a.flat(), b.flat());

describe("oracles that ignore scale", () => {
  // eps beside a length would see the scale.
  test.each(normNames())(
    "%s: sums are averages, and a hundred times the gradients are the gradients",
    (norm) => {
      const options = {
        norm,
        learningRate: 0.01,
        momentum: 0.9,
        ...(normOptions(norm).includes("eps") ? { eps: 0 } : {}),
      };
      const average = run(createOptimizer("uscg", options));
      const sum = run(
        createOptimizer("scion_light", {
          ...options,
          unconstrained: true,
          radius: 1,
          embeddingRadius: 1,
          headRadius: 1,
        }),
      );
      // Newton-Schulz and singular pairs amplify rounding of steps of a hundredth.
      expect(distance(sum, average)).toBeLessThan(2e-5);
      const larger = run(createOptimizer("uscg", options), {
        gradient: (step) => mapLeaves((g) => g.mul(100), gradients(step)),
      });
      expect(distance(larger, average)).toBeLessThan(2e-5);
    },
  );

  const withForms = optimizerNames().filter((name) => {
    const { options, family } = describeOptimizer(name);
    return "momentumForm" in options && family === "norm-constrained" && name !== "polargrad";
  });
  test.each(withForms)("%s: heavy ball is the average", (name) => {
    // Two conjugate-gradient steps of riemannian_aurora show as much as twenty.
    const options = {
      learningRate: 0.02,
      normalization: "invariant",
      biasCorrection: false,
      solverSteps: 2,
    };
    const known = Object.keys(describeOptimizer(name).options);
    const own = Object.fromEntries(Object.entries(options).filter(([key]) => known.includes(key)));
    const given = [1, 2, 3].map((seed) => gaussian([6, 4], seed));
    const weight = gaussian([6, 4], 9);
    const [ema, sum] = (["ema", "sum"] as const).map((momentumForm) =>
      steps(name, { ...own, momentumForm }, given, weight),
    );
    for (const [i, update] of (ema ?? []).entries()) expect(off(update, sum?.[i] ?? [])).toBeLessThan(2e-6);
  });

  test("there are several of them", () => expect(withForms.length).toBeGreaterThan(10));
});

describe("special cases", () => {
  const given = [1, 2, 3].map((seed) => gaussian([4, 6], seed));

  test("uscg in the Frobenius norm is nsgd", () => {
    claim("nsgd", "It is uscg in the Frobenius norm");
    const options = { learningRate: 0.01, momentum: 0.8 };
    const nsgd = steps("nsgd", options, given);
    const uscg = steps("uscg", { ...options, norm: "frobenius", eps: 1e-12 }, given);
    for (const [i, update] of nsgd.entries()) expect(off(update, uscg[i] ?? [])).toBeLessThan(1e-8);
  });

  test("sinkgd of a matrix with equal row and column lengths is the matrix, scaled", () => {
    claim("sinkgd", "Of a matrix with equal row and column lengths it makes the matrix, scaled");
    const ring = [0.9, -0.2, 0.4, 1.3];
    const circulant = ring.map((_, i) => ring.map((__, j) => ring[(j - i + 4) % 4] ?? 0));
    const signs = [
      [1, -1, 1, 1],
      [-1, -1, 1, -1],
    ].map((row) => row.map((x) => 0.3 * x));
    for (const g of [circulant, signs]) {
      const [m, n] = [g.length, g[0]?.length ?? 0];
      const factor = Math.sqrt(n) / Math.hypot(...(g[0] ?? []));
      const found = first("sinkgd", { scale: 1 }, [g]);
      expect(
        off(
          found,
          combine((x) => -factor * x, g),
        ),
      ).toBeLessThan(1e-6);
      expect(Math.hypot(...found.flat())).toBeCloseTo(Math.sqrt(m * n), 5);
    }
  });

  test("nora is rmnp where the weights' rows are orthogonal to the momentum's", () => {
    claim("nora", "nora is rmnp where the weights' rows are orthogonal to the momentum's");
    const [g, other] = [gaussian([4, 6], 1), gaussian([4, 6], 2)];
    const weight = other.map((row, i) => {
      const along = g[i] ?? [];
      const share = dot(row, along) / dot(along, along);
      return row.map((x, j) => x - share * (along[j] ?? 0));
    });
    const options = { momentum: 0, nesterov: false, weightDecay: 0 };
    const nora = first("nora", options, [g], weight);
    expect(off(nora, first("rmnp", options, [g], weight))).toBeLessThan(1e-6);
    expect(off(nora, first("nora", options, [g], other))).toBeGreaterThan(1e-2);
  });

  test("rmnp is the polar factor, hence muon, where rows are orthogonal", () => {
    claim("rmnp", "Where rows are orthogonal it is Muon");
    const q = Array.from({ length: 4 }, (_, i) =>
      Array.from({ length: 6 }, (__, j) => reflection(6, 2)(i, j)),
    );
    const g = q.map((row, i) => row.map((x) => (1 + i) * x));
    const options = { momentum: 0, nesterov: false, weightDecay: 0 };
    const rmnp = first("rmnp", options, [g]);
    expect(off(rmnp, first("muon", { ...options, polar: "svd" }, [g]))).toBeLessThan(1e-6);
    expect(
      off(
        rmnp,
        combine((x) => -x, q),
      ),
    ).toBeLessThan(1e-6);
  });

  test("scale: momentum for the head alone, rows at RMS 1, columns of embeddings", () => {
    claim("scale", "scale: momentum for the head alone, rows at RMS 1, columns of embeddings");
    const toRms = (rows: Rows): Rows =>
      rows.map((row) => row.map((x) => (x * Math.sqrt(row.length)) / Math.hypot(...row)));
    const rate = 0.01;
    const roles = ["hidden", "head", "embedding"] as const;
    for (const role of roles) {
      const optimizer = createOptimizer("scale", { learningRate: rate, momentum: 0.9, roles: { w: role } });
      let state = optimizer.init({ w: matrix(combine(() => 1, given[0] ?? [])) });
      let past = combine(() => 0, given[0] ?? []);
      for (const g of given) {
        const [updates, next] = optimizer.update({ w: matrix(g) }, state, { w: matrix(g) });
        state = next;
        past = combine((m, x) => 0.9 * m + 0.1 * x, past, g);
        const direction =
          role === "embedding" ? transpose(toRms(transpose(g))) : toRms(role === "head" ? past : g);
        expect(
          off(
            rowsOf(flatten(updates), [4, 6]),
            combine((x) => -rate * x, direction),
          ),
          role,
        ).toBeLessThan(1e-7);
      }
      disposeTree(state);
    }
  });
});

describe("the ball of scg", () => {
  test.each(["operator", "frobenius", "max"] as const)(
    "%s: from outside weights come in at 1 − γ a step",
    (name) => {
      claim("scg", "From outside the ball weights come in at 1 − γ a step");
      const [rate, radius, count] = [0.2, 0.5, 8];
      const exact = normOptions(name).includes("polar") ? ({ polar: "svd" } as const) : {};
      const norm = createNorm(name, exact);
      const scg = createOptimizer("scg", {
        norm: name,
        polar: "svd",
        learningRate: rate,
        radius,
        momentum: 0.5,
      });
      const size = (k: number): number => {
        const end = run(scg, {
          start: () => ({ w: matrix(gaussian([4, 6], 9)) }),
          gradient: (step) => ({ w: matrix(gaussian([4, 6], step)) }),
          steps: k,
        });
        return norm.value(array(Float32Array.from(end), [4, 6])).item();
      };
      const sizes = Array.from({ length: count + 1 }, (_, k) => size(k));
      const [start = 0] = sizes;
      expect(start).toBeGreaterThan(2 * radius);
      for (const [k, now] of sizes.entries()) {
        const before = sizes[k - 1];
        if (before !== undefined) expect(now).toBeLessThanOrEqual((1 - rate) * before + rate * radius + 1e-5);
        expect(now - radius).toBeLessThanOrEqual((1 - rate) ** k * (start - radius) + 1e-5);
      }
    },
  );
});

describe("orthogonal equivariance", () => {
  const cases: [OptimizerName, Readonly<Record<string, unknown>>][] = [
    ["muon_exact", {}],
    ["neon", { topPair: "svd" }],
    ["f_muon", { polar: "svd", alpha: 0.3 }],
    ["f_neon", { topPair: "svd", alpha: 0.3 }],
    ["nsgd", {}],
    ["muon", {}],
  ];
  test.each(cases)("%s %j: Δ(PMQ) = PΔ(M)Q", (name, options) => {
    const oracle = ["polar", "topPair"].find((option) => options[option] === "svd");
    const says = "turns with its gradient, Δ(PMQ) = PΔ(M)Q";
    const cold = oracle === "topPair" ? "; the default's two power steps from a cold start do not" : "";
    claim(name, oracle === undefined ? `It ${says}` : `With ${oracle} svd it ${says}${cold}`);
    const [p, q] = ([4, 6] as const).map((n, i) =>
      Array.from({ length: n }, (_, r) => Array.from({ length: n }, (__, c) => reflection(n, 3 + i)(r, c))),
    );
    const turned = (m: Rows): Rows => product(product(p ?? [], m), q ?? []);
    const given = [1, 2, 3].map((seed) => gaussian([4, 6], seed));
    const plain = steps(name, options, given);
    const moved = steps(name, options, given.map(turned));
    for (const [i, update] of moved.entries()) expect(off(update, turned(plain[i] ?? []))).toBeLessThan(2e-5);
  });
});

const product = (a: Rows, b: Rows): Rows => a.map((row) => transpose(b).map((column) => dot(row, column)));
