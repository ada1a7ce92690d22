import { jit, numpy as np } from "@jax-js/jax";
import {
  chain,
  createOptimizer,
  describeOptimizer,
  type OptimizerName,
  optimizerNames,
  refTree,
  type StepContext,
  stepKey,
  type Transform,
  type Tree,
} from "steepest";
import { dualFromStep, estimatorDual, gradientEstimate, wolfeGap } from "steepest/monitors";
import { createNorm } from "steepest/norms";
import {
  conditionalGradient,
  layerNorms,
  steepestDescent,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import { inRowBlocks, scale, scaleByAdam, trace } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { disposeTree, mapLeaves } from "../src/core/tree.ts";
import { array, distance, flatten, gradients, makeTree, paths, wave, weights } from "./support/trees.ts";

/** The weight μ of the past in the average of one parameter's gradients, and how many gradients are left out first. */
type Average = number | { readonly momentum: number; readonly skip: number };
/** Of hidden weights, and of embedding, head, gain and bias where they differ. */
type Averages =
  | Average
  | { readonly hidden: number; readonly rest: number | Readonly<Record<string, number>> };

/** Hidden weights by μ, the rest by AdamW's b1. */
const matrices = (hidden: number, rest: number = 0.9): Averages => ({ hidden, rest });

/**
 * What each method's formula says it averages, by its own page; or why there is no such average. A method that averages by its
 * option `momentum` or `b1`, and AdamW the rest where it has one beside it, needs no row.
 */
const declared: Partial<Record<OptimizerName, Averages | RegExp>> = {
  sgd: 0,
  adam: 0.9,
  adamw: 0.9,
  rmsprop: 0,
  adagrad: 0,
  signsgd: 0,
  signum: 0.9,
  lion: 0.99,
  nsgd: matrices(0.9),
  muon: matrices(0.95),
  scion: 0.9,
  unconstrained_scion: 0.9,
  adamax: 0.9,
  nadam: 0.9,
  radam: 0.9,
  ademamix: 0.9,
  adafactor: 0,
  lamb: 0.9,
  lars: 0,
  column_normalized_sgd: matrices(0),
  racs: matrices(0),
  shampoo: 0.9,
  eigen_adam: matrices(0.9),
  adadiag: matrices(0.9),
  adadiag_pp: matrices(0.9),
  soap: { momentum: 0.95, skip: 1 },
  conda: 0.9,
  swan: matrices(0),
  alice: matrices(0.9),
  alice0: matrices(0.9),
  psgd_kron: 0,
  kfac: matrices(0),
  sophia_g: 0.965,
  ngd: 0,
  scion_light: 0.9,
  unconstrained_clipped_scion: 0.9,
  clipped_scion: 0.9,
  sd: 0,
  ucg: 0,
  uscg: 0.9,
  cg: 0,
  scg: 0.9,
  ggnc: 0.9,
  clipped_gd: 0.9,
  clipped_sign: 0.9,
  clipped_spectral: matrices(0.9),
  s3cg: 0.9,
  almond: 0,
  lion_k: 0.99,
  gluon: 0.9,
  stochastic_spectral_descent: matrices(0),
  polargrad: matrices(0.95),
  muon_exact: matrices(0.9),
  neon: matrices(0.9),
  f_muon: matrices(0.9),
  f_neon: matrices(0.9),
  muon_moonlight: matrices(0.95),
  muon_torch: matrices(0.95),
  muon_optax: matrices(0.95),
  muon_emerging: matrices(0.95),
  muon_dion: matrices(0.95),
  muon_gram: matrices(0.95),
  muon_deepseek_v4: matrices(0.95),
  muon_airbench: matrices(0.6, 0.85),
  muon_plus: matrices(0.95, 0.95),
  muon_eq: matrices(0.95),
  normuon: matrices(0.95),
  aurora: matrices(0.95),
  riemannian_aurora: matrices(0.95),
  dion: matrices(0.95),
  dion2: /dion2 keeps in its buffer.*take fraction 1/,
  sinkgd: matrices(0),
  rmnp: matrices(0.95),
  nora: matrices(0.95),
  colnorm_sgd: 0,
  rownorm_sgd: 0,
  scale: { hidden: 0, rest: { embedding: 0, head: 0.9, "norm.gain": 0.9, bias: 0.9 } },
  mano: matrices(0.95),
  mano_v2: matrices(0.95),
  mano_simple: matrices(0),
  mano_v2_both: matrices(0.95),
  manifold_normalized: matrices(0.95),
  rsgd: matrices(0),
  rsgd_m: matrices(0.9),
  hyperball: matrices(0.95),
  adam_hyperball: matrices(0.9),
  muon_hyperball: matrices(0.95),
  sso: matrices(0.9),
  muon_sphere: matrices(0.9),
  muown: /muown averages the gradients of directions and of magnitudes apart/,
  mcsd: matrices(0.95),
  spel: matrices(0.95),
  relative_update: matrices(0.95),
  radial_brake: matrices(0.95),
};

/** The row of a method, or what its options say. */
function averagesOf(name: OptimizerName): Averages | RegExp {
  const { options } = describeOptimizer(name);
  const byDefault = (option: string): number => Number(options[option]?.default ?? 0);
  const own = byDefault("momentum" in options ? "momentum" : "b1");
  return declared[name] ?? ("auxiliaryLearningRate" in options ? matrices(own, byDefault("b1")) : own);
}

/** d after some steps with the gradients of `gradients(step)`, in float64; from zero, or the last gradient for μ = 0. */
function expected(averages: Averages, steps: number): number[] {
  const tree = makeTree((path, size) => {
    const { momentum, skip } = averageOf(path, averages);
    const d = new Float64Array(size);
    for (let step = skip; step < steps; step++) {
      const g = wave(size, 10 + 7 * step + paths.indexOf(path));
      for (const [i, x] of g.entries()) d[i] = momentum * (d[i] ?? 0) + (1 - momentum) * x;
    }
    return Float32Array.from(d);
  });
  return flatten(tree);
}

function averageOf(path: string, averages: Averages): { readonly momentum: number; readonly skip: number } {
  if (typeof averages === "number") return { momentum: averages, skip: 0 };
  if ("momentum" in averages) return averages;
  const { hidden, rest } = averages;
  if (path.startsWith("blocks")) return averageOf(path, hidden);
  return averageOf(path, typeof rest === "number" ? rest : (rest[path] ?? Number.NaN));
}

/** What methods that need more than gradients get. */
const context = (step: number, period: number) => {
  const linear = (path: "blocks.0.wide" | "blocks.0.tall", [rows, cols]: [number, number]) => ({
    [path]: {
      inputs: array(wave(3 * cols, step), [3, cols]),
      outputGradients: array(wave(3 * rows, step + 1), [3, rows]),
    },
  });
  return {
    phase: step % period,
    first: step === 0,
    layers: { ...linear("blocks.0.wide", [4, 6]), ...linear("blocks.0.tall", [6, 4]) },
    sampledGradients: gradients(step),
    exampleGradients: mapLeaves((g) => np.expandDims(g, 0), gradients(step)),
  } satisfies StepContext;
};

type Known = ReturnType<typeof context>;

/** The state after an update, compiled without the step that it also makes. */
const stateUpdate = (transform: Transform, at: Pick<Known, "phase" | "first">) =>
  jit((g: Tree, state: Tree, x: Tree, known: Omit<Known, "phase" | "first">): Tree => {
    const [updates, next] = transform.update(g, state, x, { ...at, ...known });
    disposeTree(updates);
    disposeTree({ ...known });
    return next;
  });

/** The state after some steps at the starting weights. */
function after(transform: Transform, steps: number): Tree {
  const updates = new Map<string, ReturnType<typeof stateUpdate>>();
  let state: Tree = transform.init(weights());
  for (let step = 0; step < steps; step++) {
    const { phase, first, ...known } = context(step, transform.period ?? 1);
    const key = stepKey(transform, { phase, first });
    const update = updates.get(key) ?? stateUpdate(transform, { phase, first });
    updates.set(key, update);
    state = update(gradients(step), state, weights(), known);
  }
  for (const update of updates.values()) update.dispose();
  return state;
}

/** d after some steps, as numbers. */
const estimated = (transform: Transform, steps: number): number[] =>
  flatten(gradientEstimate(transform, after(transform, steps), gradients(steps - 1)));

describe("gradientEstimate", () => {
  test.each(optimizerNames())(
    "%s: the average of its formula after some steps, or the reason why not",
    (name) => {
      const { options } = describeOptimizer(name);
      const fewer = Object.keys(options).filter(
        (option) => option === "iterations" || option === "solverSteps",
      );
      const optimizer = createOptimizer(name, Object.fromEntries(fewer.map((option) => [option, 1])));
      const averages = averagesOf(name);
      const steps = averages === 0 ? 1 : 3;
      if (averages instanceof RegExp) expect(() => estimated(optimizer, steps)).toThrow(averages);
      // float32 rounding; alice turns back and forth, dion takes what its orthogonal columns capture.
      else expect(distance(estimated(optimizer, steps), expected(averages, steps))).toBeLessThan(5e-6);
    },
  );

  test.each([
    ["scion", { momentum: 0 }, 0],
    ["muon_moonlight", { momentum: 0 }, matrices(0)],
    ["sgd", { momentum: 0.8 }, 0.8],
    ["sgd", { momentum: 0.8, dampening: 0.8 }, undefined],
    ["psgd_kron", { momentum: 0.9 }, undefined],
    [
      "shampoo",
      { largeDims: "block", maxPreconditionDim: 4, b1: 0.8 },
      { hidden: 0.8, rest: { embedding: 0.8, head: 0.8, "norm.gain": 0.9, bias: 0.9 } },
    ],
    ["muon", { blocks: 2 }, matrices(0.95)],
    ["dion", { rankFraction: 0.5 }, /dion of low rank keeps/],
    ["dion", { momentum: 0 }, matrices(0)],
    ["dion2", { fraction: 1 }, matrices(0.95)],
    ["mano", { retractMomentum: true }, undefined],
    ["alice", { rank: 2, b1: 0 }, { hidden: 0, rest: 0.9 }],
    ["scion", { skipNonFinite: true, clipGlobalNorm: 1e6 }, 0.9],
  ] as const)("%s with %o", (name, options, averages) => {
    const optimizer = createOptimizer(name, options as Record<string, unknown>);
    if (averages instanceof RegExp) expect(() => estimated(optimizer, 3)).toThrow(averages);
    else if (averages !== undefined)
      expect(distance(estimated(optimizer, 3), expected(averages, 3))).toBeLessThan(5e-6);
    else expect(estimated(optimizer, 3).every(Number.isFinite)).toBe(true);
  });

  test("an average that starts at the first gradient; sums that damp; Adam alone", () => {
    const first = createOptimizer("scion", { momentum: 0.8, momentumStart: "gradient" });
    expect(estimated(first, 1)).toEqual(flatten(gradients(0)));
    // B ← g first, then 0.5·B + 0.5·g: after two steps (g₁ + g₂)/2, which is (1 − 0.5)/(1 − 0.5) times the sum.
    const damped = createOptimizer("sgd", { momentum: 0.5, dampening: 0.5 });
    const [one, two] = [flatten(gradients(0)), flatten(gradients(1))];
    const half = one.map((x, i) => (x + (two[i] ?? Number.NaN)) / 2);
    expect(distance(estimated(damped, 2), half)).toBeLessThan(1e-6);
    expect(() => estimated(trace(0.9, { dampening: 1 }), 1)).toThrow(/holds no average/);
    expect(distance(estimated(scaleByAdam({ b1: 0.8 }), 5), expected(0.8, 5))).toBeLessThan(1e-6);
  });

  test("with clipping it is of clipped gradients, momentum or not", () => {
    const clipped = (momentum: number) => createOptimizer("scion", { momentum, clipGlobalNorm: 0.5 });
    const length = (d: number[]): number => Math.hypot(...d);
    expect(length(estimated(clipped(0), 1))).toBeCloseTo(0.5, 5);
    expect(length(estimated(clipped(0.8), 1))).toBeCloseTo(0.1, 5);
  });

  test("has the structure of the gradients, and paths that end alike are kept apart", () => {
    const method = steepestDescent(createNorm("frobenius"), { learningRate: 1, momentum: 0.5 });
    const tree = () => ({ w: np.array([1]), a: { w: np.array([3]) } });
    const [updates, state] = method.update(tree(), method.init(tree()), tree());
    disposeTree(updates);
    const estimate = gradientEstimate(method, state, tree()) as ReturnType<typeof tree>;
    expect([estimate.w.item(), estimate.a.w.item()]).toEqual([0.5, 1.5]);
  });

  test("the first stage of a chain that declares decides; one that keeps state and declares nothing is an error", () => {
    expect(distance(estimated(chain(trace(0.5), trace(0.9), scale(-1)), 3), expected(0.5, 3))).toBeLessThan(
      1e-6,
    );
    expect(estimated(chain(scale(2), scale(-1)), 1)).toEqual(flatten(gradients(0)));
    const { estimate: _, ...silent } = trace(0.9);
    const reason =
      /stage 2 of 3 of a chain keeps state \(sum\.blocks.*give the transform estimate\(state, gradients\)/;
    expect(() => estimated(chain(scale(2), silent, scale(-1)), 1)).toThrow(reason);
    expect(() => estimated(inRowBlocks(1, silent), 1)).toThrow(/transform in inRowBlocks keeps state/);
  });
});

const exact = createNorm("operator", { polar: "svd", dual: "oracle" });
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
      const estimate = gradientEstimate(method, refTree(next), gradient);
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
    expect(() => dualFromStep(tree(1), tree(2), 0)).toThrow(/rate must be > 0, got 0/);
    const run = (): number[] => {
      const [step, state] = free.update(tree(1), free.init(tree(0)), tree(0));
      const estimate = gradientEstimate(free, state, tree(1));
      return [
        estimatorDual(product, refTree(estimate)).item(),
        dualFromStep(estimate, step, np.array(0.25)).item(),
      ];
    };
    expect(await leakedBuffers(run)).toBe(0);
  });
});
