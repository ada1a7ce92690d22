import { numpy as np } from "@jax-js/jax";
import { createOptimizer, disposeTree, type Optimizer, type Transform } from "steepest";
import { createNorm, fStar, fTwo } from "steepest/norms";
import { oracleStep, unconstrainedConditionalGradient } from "steepest/steps";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { blend } from "../src/optimizers/nuclear/blend.ts";
import { rankOne } from "../src/optimizers/nuclear/rankOne.ts";
import { sinkhorn } from "../src/transforms/sinkhorn.ts";
import { array, compiledUpdate, distance, flatten, run, wave } from "./support/trees.ts";

// Section 9 of the definitions. Three or four float32 steps below 0.1; Newton-Schulz amplifies rounding.
const same = (a: Transform, b: Transform, options: object = matrices, tolerance = 1e-6): void =>
  expect(distance(run(a, options), run(b, options))).toBeLessThan(tolerance);

const of = (m: number, n: number) => ({
  start: () => ({ w: array(wave(m * n, 1), [m, n]) }),
  gradient: (step: number) => ({ w: array(wave(m * n, 3 + step), [m, n]) }),
});
const matrices = {
  start: () => ({ w: array(wave(24, 1), [4, 6]), u: array(wave(24, 2), [6, 4]) }),
  gradient: (step: number) => ({
    w: array(wave(24, 3 + step), [4, 6]),
    u: array(wave(24, 9 + step), [6, 4]),
  }),
};

/** The first update for a gradient at a weight, as rows. */
function firstStep(
  optimizer: Optimizer,
  g: np.Array,
  w: np.Array = np.zeros(g.shape),
  update: Transform["update"] = optimizer.update,
): number[][] {
  const [updates, next] = update({ w: g }, optimizer.init({ w: w.ref }), { w });
  disposeTree(next);
  return (updates as { w: np.Array }).w.js() as number[][];
}
const lengths = (rows: readonly number[][]): number[] => rows.map((row) => Math.hypot(...row));
const flip = (rows: readonly number[][]): number[][] =>
  (rows[0] ?? []).map((_, j) => rows.map((row) => row[j] ?? 0));

describe("the nuclear family", () => {
  const options = { learningRate: 0.01, momentum: 0.8 };
  const svd = { polar: "svd" } as const;

  test("ends: f_muon(1) = muon_exact, f_neon(1) = neon, both(0) = nsgd", () => {
    claim(
      ["muon_exact", "neon", "f_muon", "f_neon"],
      "ends: f_muon(1) = muon_exact, f_neon(1) = neon, both(0) = nsgd",
    );
    claim("nsgd", "It is f_muon and f_neon at α = 0");
    same(createOptimizer("f_muon", { ...options, ...svd, alpha: 1 }), createOptimizer("muon_exact", options));
    same(createOptimizer("f_neon", { ...options, alpha: 1 }), createOptimizer("neon", options));
    same(createOptimizer("f_muon", { ...options, alpha: 0 }), createOptimizer("nsgd", options));
    same(createOptimizer("f_neon", { ...options, alpha: 0 }), createOptimizer("nsgd", options));
  });

  test("each is uSCG in its norm", () => {
    claim(["muon_exact", "neon", "f_muon", "f_neon"], "It is uSCG in its norm");
    const uscg = (norm: Parameters<typeof unconstrainedConditionalGradient>[0]): Transform =>
      unconstrainedConditionalGradient(norm, options);
    const alpha = 0.3;
    same(createOptimizer("neon", { ...options, topPair: "svd" }), uscg(createNorm("nuclear")));
    same(createOptimizer("muon_exact", options), uscg(createNorm("operator", { polar: "svd" })));
    same(createOptimizer("f_muon", { ...options, ...svd, alpha }), uscg(fStar({ alpha, polar: "svd" })));
    same(createOptimizer("f_neon", { ...options, topPair: "svd", alpha }), uscg(fTwo({ alpha })));
  });

  test("kyfan: k = 1 is nuclear, k = r operator; schatten: p = 2 is frobenius, large p operator, p near 1 nuclear", () => {
    const g = (): np.Array => array(wave(24, 5), [4, 6]);
    const lmo = (norm: ReturnType<typeof createNorm>): number[] => flatten(norm.lmo(g()));
    const operator = lmo(createNorm("operator", { polar: "svd" }));
    expect(distance(lmo(createNorm("kyfan_dual_k", { k: 1 })), lmo(createNorm("nuclear")))).toBeLessThan(
      1e-6,
    );
    expect(distance(lmo(createNorm("kyfan_dual_k", { k: 4 })), operator)).toBeLessThan(1e-6);
    expect(distance(lmo(createNorm("schatten_p", { p: 2 })), lmo(createNorm("frobenius")))).toBeLessThan(
      1e-5,
    );
    expect(distance(lmo(createNorm("schatten_p", { p: 1e4 })), operator)).toBeLessThan(1e-2);
    expect(distance(lmo(createNorm("schatten_p", { p: 1.01 })), lmo(createNorm("nuclear")))).toBeLessThan(
      1e-2,
    );
  });

  test("nuclear by Lanczos: enough steps give the exact step, few a dual that its own step attains", () => {
    const g = (): np.Array => array(wave(24, 5), [4, 6]);
    const exact = createNorm("nuclear");
    const near = createNorm("nuclear", { topPair: "lanczos", steps: 6 });
    expect(distance(flatten(near.lmo(g())), flatten(exact.lmo(g())))).toBeLessThan(1e-5);
    const rough = createNorm("nuclear", { topPair: "lanczos", steps: 1 });
    const dual = rough.dual(g()).item();
    expect(dual).toBeLessThan(exact.dual(g()).item());
    expect(np.sum(g().mul(rough.lmo(g()))).item() / dual).toBeCloseTo(-1, 5);
    expect(() => createNorm("nuclear", { steps: 3 })).toThrow(/"steps" belongs to topPair "lanczos"/);
  });

  test("⟨M, Δ⟩ is the dual norm; Frobenius lengths by formula; Neon has rank one", () => {
    claim(
      ["muon_exact", "neon", "f_muon", "f_neon"],
      "⟨M, Δ⟩ is the dual norm, and Frobenius lengths follow their formula",
    );
    const g = (): np.Array => array(wave(24, 5), [4, 6]);
    const value = (name: "frobenius" | "operator" | "nuclear"): number => createNorm(name).value(g()).item();
    const [frobenius, operator, nuclear] = [value("frobenius"), value("operator"), value("nuclear")];
    const a = 0.3;
    const b = 1 - a;
    const cases: [Optimizer, dual: number, square: number][] = [
      [
        createOptimizer("f_muon", { ...svd, learningRate: 1, momentum: 0, alpha: a }),
        a * nuclear + b * frobenius,
        a * a * 4 + b * b + (2 * a * b * nuclear) / frobenius,
      ],
      [
        createOptimizer("f_neon", { topPair: "svd", learningRate: 1, momentum: 0, alpha: a }),
        a * operator + b * frobenius,
        a * a + b * b + (2 * a * b * operator) / frobenius,
      ],
      [createOptimizer("neon", { topPair: "svd", learningRate: 1, momentum: 0 }), operator, 1],
      [createOptimizer("muon_exact", { learningRate: 1, momentum: 0 }), nuclear, 4],
    ];
    for (const [optimizer, dual, square] of cases) {
      const step = firstStep(optimizer, g()).flat();
      const against = wave(24, 5).reduce((sum, x, i) => sum - x * (step[i] ?? 0), 0);
      expect(against / dual).toBeCloseTo(1, 5);
      expect(step.reduce((sum, x) => sum + x * x, 0) / square).toBeCloseTo(1, 5);
    }
  });

  test("neon's warm start follows a slowly moving gradient better than a cold one", () => {
    claim("neon", "neon's warm start follows a slowly moving gradient better than a cold one");
    const base = wave(48, 4);
    const drift = wave(48, 9);
    const gradient = (step: number) =>
      array(
        base.map((x, i) => x + 0.02 * step * (drift[i] ?? 0)),
        [6, 8],
      );
    const transform = rankOne({ steps: 1 });
    let state = transform.init({ w: np.zeros([6, 8]) });
    const shares: number[] = [];
    for (let step = 0; step < 6; step++) {
      const [updates, next] = transform.update({ w: gradient(step) }, state, { w: np.zeros([6, 8]) });
      state = next;
      const reached = np.sum((updates as { w: np.Array }).w.mul(gradient(step))).item();
      shares.push(reached / createNorm("operator").value(gradient(step)).item());
    }
    expect(shares[0]).toBeLessThan(0.97);
    expect(shares[5]).toBeGreaterThan(0.995);
  });

  test("a zero gradient does not lose the start vector", () => {
    const optimizer = createOptimizer("neon", { learningRate: 1, momentum: 0 });
    const gradient = (step: number) => ({ w: array(wave(24, 3), [4, 6]).mul(step === 0 ? 0 : 1) });
    const end = run(optimizer, { start: () => ({ w: np.zeros([4, 6]) }), gradient, steps: 2 });
    expect(Math.hypot(...end)).toBeCloseTo(1, 5);
  });
});

describe("muon's flavours", () => {
  test("torch's is Jordan's; optax's without nesterov is Jordan's without", () => {
    claim(["muon_torch", "muon_optax"], "torch's is Jordan's; optax's without nesterov is Jordan's without");
    const options = { learningRate: 0.02, weightDecay: 0.1 };
    same(createOptimizer("muon_torch", options), createOptimizer("muon", options), matrices, 1e-5);
    const plain = { ...options, nesterov: false };
    same(createOptimizer("muon_optax", plain), createOptimizer("muon", plain), matrices, 1e-5);
  });

  test("optax's look-ahead mixes differently", () => {
    claim("muon_optax", "optax's look-ahead mixes differently");
    const [a, b] = [createOptimizer("muon_optax"), createOptimizer("muon")].map((o) => run(o, matrices));
    expect(distance(a ?? [], b ?? [])).toBeGreaterThan(1e-4);
  });

  test("on the Gram matrix it is the same", () => {
    claim("muon_gram", "Muon with its polar factor on the Gram matrix takes the steps of Muon");
    same(createOptimizer("muon", { polar: "gram" }), createOptimizer("muon"), matrices, 2e-5);
  });

  test("blocks of rows are orthogonalised on their own", () => {
    const g = (): np.Array => array(wave(48, 3), [12, 4]);
    const options = { learningRate: 1, momentum: 0, polar: "svd" } as const;
    const fused = firstStep(createOptimizer("muon", { ...options, blocks: 3 }), g());
    for (const block of [0, 1, 2]) {
      const part = g().slice([4 * block, 4 * block + 4]);
      const alone = firstStep(createOptimizer("muon", options), part);
      expect(distance(fused.slice(4 * block, 4 * block + 4).flat(), alone.flat())).toBeLessThan(1e-6);
    }
    const uneven = createOptimizer("muon", { blocks: 5 });
    expect(() => firstStep(uneven, g())).toThrow(/12 rows cannot be cut into 5 blocks/);
  });

  test("weights of one shape go through together, with the same result", () => {
    const three = {
      start: () => ({
        a: array(wave(24, 1), [4, 6]),
        b: array(wave(24, 2), [4, 6]),
        c: array(wave(24, 3), [4, 2, 3]),
      }),
      gradient: (s: number) => ({
        a: array(wave(24, 4 + s), [4, 6]),
        b: array(wave(24, 5 + s), [4, 6]),
        c: array(wave(24, 6 + s), [4, 2, 3]),
      }),
    };
    const alone = (seed: number, shape: number[]) =>
      run(createOptimizer("muon"), {
        start: () => ({ w: array(wave(24, seed), shape) }),
        gradient: (s: number) => ({ w: array(wave(24, seed + 3 + s), shape) }),
      });
    const together = run(createOptimizer("muon"), three);
    expect(
      distance(together, [...alone(1, [4, 6]), ...alone(2, [4, 6]), ...alone(3, [4, 2, 3])]),
    ).toBeLessThan(1e-5);
  });

  test("airbench's weights have Frobenius norm √rows before the step", () => {
    claim("muon_airbench", "airbench's weights have Frobenius norm √rows before the step");
    const end = run(createOptimizer("muon_airbench"), {
      ...of(4, 6),
      gradient: () => ({ w: np.zeros([4, 6]) }),
      steps: 1,
    });
    expect(Math.hypot(...end)).toBeCloseTo(2, 5);
  });

  test("spectral descent is polargrad without momentum; both grow with the gradient", () => {
    claim(
      ["stochastic_spectral_descent", "polargrad"],
      "spectral descent is polargrad without momentum; both grow with the gradient",
    );
    const options = { learningRate: 0.01, coefficients: "you5" } as const;
    const ssd = createOptimizer("stochastic_spectral_descent", options);
    same(ssd, createOptimizer("polargrad", { ...options, momentum: 0, weightDecay: 0 }));
    const g = (): np.Array => array(wave(24, 3), [4, 6]);
    const [one, ten] = [firstStep(ssd, g()), firstStep(ssd, g().mul(10))];
    expect(
      distance(
        one.flat().map((x) => 10 * x),
        ten.flat(),
      ),
    ).toBeLessThan(1e-5);
  });
});

describe("composites", () => {
  test("muon_plus without slices is muon with √(A/B); with them rows or columns are unit", () => {
    claim("muon_plus", "muon_plus without slices is muon with √(A/B); with them rows or columns are unit");
    const options = { learningRate: 0.02, weightDecay: 0, momentumForm: "sum" } as const;
    same(
      createOptimizer("muon_plus", { ...options, slices: "none" }),
      createOptimizer("muon", { ...options, scale: "rms" }),
      matrices,
      1e-5,
    );
    const step = (slices?: "col" | "row" | "col_row"): number[][] =>
      firstStep(
        createOptimizer("muon_plus", { learningRate: 1, ...(slices && { slices }), scale: "none" }),
        array(wave(24, 3), [4, 6]),
      );
    for (const length of lengths(flip(step("col")))) expect(length).toBeCloseTo(1, 5);
    for (const length of lengths(step("row"))) expect(length).toBeCloseTo(1, 5);
    for (const length of lengths(step("col_row"))) expect(length).toBeCloseTo(1, 5);
    for (const length of lengths(step())) expect(length).toBeCloseTo(1, 5); // by default, too
  });

  test("normuon: equal rows at the first step, muon's Frobenius norm; muon where rows are equal", () => {
    claim(
      "normuon",
      "normuon: equal rows at the first step, muon's Frobenius norm; muon where rows are equal",
    );
    const options = { learningRate: 1, momentum: 0 } as const;
    const g = (): np.Array => array(wave(24, 3), [6, 4]);
    const rows = lengths(firstStep(createOptimizer("normuon", options), g()));
    for (const row of rows) expect(row / (rows[0] ?? 0)).toBeCloseTo(1, 4);
    const size = (name: "normuon" | "muon"): number =>
      Math.hypot(...firstStep(createOptimizer(name, options), g()).flat());
    expect(size("normuon")).toBeCloseTo(size("muon"), 4);
    // Square with an exact polar factor: all rows of O are unit.
    const exact = { polar: "svd", rowB2: 0, learningRate: 0.02, momentum: 0.9 } as const;
    const { rowB2, ...plain } = exact;
    same(createOptimizer("normuon", exact), createOptimizer("muon", plain), of(4, 4), 1e-5);
  });

  test("aurora: muon on square weights; UᵀU = I; rows grow equal with K", () => {
    claim("aurora", "aurora: muon on square weights; UᵀU = I; rows grow equal with K");
    claim(
      "riemannian_aurora",
      "The lengths of rows differ by less than half of what they do with aurora and K = 1",
    );
    const both = {
      learningRate: 0.02,
      momentum: 0.9,
      weightDecay: 0,
      coefficients: "simple",
      steps: 12,
    } as const;
    same(createOptimizer("aurora", both), createOptimizer("muon", both), of(4, 4), 1e-5);
    const faded = (): np.Array =>
      array(wave(96, 3), [24, 4]).mul(
        np.array(Float32Array.from({ length: 24 }, (_, i) => 10 ** (-i / 12))).reshape([24, 1]),
      );
    const step = (iterations: number): number[][] =>
      firstStep(
        createOptimizer("aurora", { learningRate: 1, momentum: 0, scale: "none", iterations }),
        faded(),
      );
    const spread = (rows: readonly number[][]): number => {
      const sizes = lengths(rows);
      const mean = sizes.reduce((a, b) => a + b) / sizes.length;
      return Math.sqrt(sizes.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sizes.length) / mean;
    };
    const spreads = [1, 2, 3, 5].map((k) => spread(step(k)));
    for (const [i, s] of spreads.entries()) expect(s).toBeLessThan((spreads[i - 1] ?? 1) * 0.8);
    const columns = flip(step(2));
    for (const [i, a] of columns.entries())
      for (const [j, b] of columns.entries())
        expect(a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0)).toBeCloseTo(i === j ? 1 : 0, 4);
    const exact = createOptimizer("riemannian_aurora", { learningRate: 1, momentum: 0, scale: "none" });
    const { update, dispose } = compiledUpdate(exact);
    const riemannian = firstStep(exact, faded(), undefined, update);
    dispose();
    expect(spread(riemannian)).toBeLessThan(spread(step(1)) / 2);
  });

  test("aurora with K = 1 on tall weights is muon_eq", () => {
    claim("muon_eq", "On tall weights it is Aurora with K = 1");
    const both = {
      learningRate: 0.02,
      momentum: 0.9,
      weightDecay: 0,
      nesterov: true,
      coefficients: "simple",
      steps: 12,
    } as const;
    same(
      createOptimizer("aurora", { ...both, iterations: 1 }),
      createOptimizer("muon_eq", both),
      of(6, 4),
      1e-5,
    );
  });

  test("rmnp is uscg in the row norm times the shape factor", () => {
    claim("rmnp", "rmnp is uscg in the row norm times the shape factor");
    const rmnp = createOptimizer("rmnp", { learningRate: 0.02, momentum: 0.9, nesterov: false });
    const uscg = createOptimizer("uscg", {
      norm: "rownorm_input",
      learningRate: 0.02 * Math.sqrt(6 / 4),
      momentum: 0.9,
    });
    same(rmnp, uscg, of(6, 4));
  });

  test("nora: rows orthogonal to their weights, unit; rmnp where W = 0", () => {
    claim("nora", "nora: rows orthogonal to their weights, unit; rmnp where W = 0");
    const g = (): np.Array => array(wave(24, 3), [4, 6]);
    const w = (): np.Array => array(wave(24, 1), [4, 6]);
    const options = { learningRate: 1, momentum: 0 } as const;
    const step = firstStep(createOptimizer("nora", options), g(), w());
    const weight = w().js() as number[][];
    for (const [i, row] of step.entries()) {
      expect(row.reduce((sum, x, j) => sum + x * (weight[i]?.[j] ?? 0), 0)).toBeCloseTo(0, 5);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    }
    const bare = firstStep(createOptimizer("nora", options), g());
    const rmnp = firstStep(createOptimizer("rmnp", { ...options, nesterov: false }), g());
    expect(distance(bare.flat(), rmnp.flat())).toBeLessThan(1e-6);
  });

  test("scale on hidden weights is rownorm_sgd times √dIn; columns of embeddings have RMS one", () => {
    claim("scale", "scale on hidden weights is rownorm_sgd times √dIn; columns of embeddings have RMS one");
    const scale = createOptimizer("scale", { learningRate: 0.01 });
    same(scale, createOptimizer("rownorm_sgd", { learningRate: 0.01 * Math.sqrt(6) }), of(4, 6));
    const table = createOptimizer("scale", { learningRate: 1, roles: { w: "embedding" } });
    for (const column of lengths(flip(firstStep(table, array(wave(24, 3), [6, 4])))))
      expect(column).toBeCloseTo(Math.sqrt(6), 4);
  });

  test("colnorm_sgd and rownorm_sgd are uscg in their norms", () => {
    claim(["colnorm_sgd", "rownorm_sgd"], "colnorm_sgd and rownorm_sgd are uscg in their norms");
    const learningRate = 0.02;
    same(
      createOptimizer("colnorm_sgd", { learningRate }),
      createOptimizer("uscg", { norm: "columns", learningRate, momentum: 0 }),
    );
    same(
      createOptimizer("rownorm_sgd", { learningRate, widthAware: true, momentum: 0.5 }),
      createOptimizer("uscg", { norm: "rownorm", learningRate, momentum: 0.5 }),
    );
  });

  test("sinkgd: columns of length √m exactly, rows closer with every round, signs kept", () => {
    claim("sinkgd", "sinkgd: columns of length √m exactly, rows closer with every round, signs kept");
    const g = (): np.Array =>
      np.exp(array(wave(64, 3), [16, 4]).mul(2)).mul(np.sign(array(wave(64, 7), [16, 4])));
    const at = (steps: number): number[][] => {
      const [x] = sinkhorn({ steps }).update({ w: g() }, {}, { w: np.zeros([16, 4]) });
      return (x as { w: np.Array }).w.js() as number[][];
    };
    const errors = [1, 2, 4].map((steps) =>
      Math.max(...lengths(at(steps)).map((row) => Math.abs(row / 2 - 1))),
    );
    for (const [i, error] of errors.entries()) expect(error).toBeLessThan((errors[i - 1] ?? 1) * 0.6);
    for (const column of lengths(flip(at(3)))) expect(column).toBeCloseTo(4, 4);
    expect(at(2).flat().map(Math.sign)).toEqual(flatten({ w: g() }).map(Math.sign));
  });

  test("dion2 with fraction 1 is heavy-ball muon; with less only the largest slices move", () => {
    claim("dion2", "dion2 with fraction 1 is heavy-ball muon; with less only the largest slices move");
    const both = { learningRate: 0.02, weightDecay: 0.1, momentum: 0.9, coefficients: "keller" } as const;
    const muon = createOptimizer("muon", { ...both, momentumForm: "sum", nesterov: false, scale: "rms" });
    same(createOptimizer("dion2", { ...both, fraction: 1 }), muon, matrices, 1e-5);
    const g = (): np.Array => array(Float32Array.of(1, -1, 2, 0, 0.1, 0, 3, 3, -3), [3, 3]);
    const rows = lengths(firstStep(createOptimizer("dion2", { learningRate: 1, fraction: 0.5 }), g()));
    expect(rows.map((row) => row > 0)).toEqual([true, false, true]);
  });

  test("dion: orthonormal of rank q, tends to the polar factor on a constant gradient, keeps what it misses", () => {
    claim(
      "dion",
      "dion: orthonormal of rank q, tends to the polar factor on a constant gradient, keeps what it misses",
    );
    const g = (): np.Array => array(wave(24, 3), [6, 4]);
    const frobenius = (rankFraction: number): number =>
      Math.hypot(...firstStep(createOptimizer("dion", { learningRate: 1, rankFraction }), g()).flat());
    expect(frobenius(0.5)).toBeCloseTo(Math.sqrt((2 * 6) / 4), 4);
    expect(frobenius(1)).toBeCloseTo(Math.sqrt((4 * 6) / 4), 4);
    const optimizer = createOptimizer("dion", { learningRate: 1, weightDecay: 0, momentum: 0 });
    const constant = { start: () => ({ w: np.zeros([6, 4]) }), gradient: () => ({ w: g() }) };
    const [before, after] = [20, 21].map((steps) => run(optimizer, { ...constant, steps }));
    const step = (after ?? []).map((x, i) => x - (before?.[i] ?? 0));
    const polar = flatten(
      oracleStep(createNorm("operator", { polar: "svd" }), Math.sqrt(6 / 4)).update(
        { w: g() },
        {},
        { w: np.zeros([6, 4]) },
      )[0],
    );
    // Not equal after one step; twenty contract by (σ₂/σ₁)² each. Weights are about 20 by then.
    expect(
      distance(
        step,
        polar.map((x) => -x),
      ),
    ).toBeLessThan(2e-2);
  });
});

test("blend refuses shares outside [0, 1] and leaks nothing", async () => {
  const [a, b] = [oracleStep(createNorm("max")), rankOne()];
  expect(() => blend(1.5, a, b)).toThrow(/alpha must be in \[0, 1\], got 1.5/);
  expect(await leakedBuffers(() => run(blend(0.5, a, b), { ...matrices, steps: 2 }))).toBe(0);
});
