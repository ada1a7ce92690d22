import { numpy as np } from "@jax-js/jax";
import {
  chain,
  createOptimizer,
  disposeTree,
  namedLeaves,
  refTree,
  type Transform,
  type Tree,
} from "steepest";
import { createNorm } from "steepest/norms";
import {
  averagedOracle,
  clippedConditionalGradient,
  impliedConstraint,
  impliedDecay,
  innerProduct,
  layerNorms,
  lionK,
  oracleStep,
  shortStep,
  smoothnessStep,
  steepestDescent,
} from "steepest/steps";
import { addDecayedWeights, scaleByLearningRate } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  array,
  compiledUpdate,
  distance,
  flatten,
  gradients,
  run,
  wave,
  weights,
  zeros,
} from "./support/trees.ts";

// Methods that must coincide (algorithms, section 9). Four float32 steps of size below 0.1: 1e-6 is rounding.
const same = (a: Transform, b: Transform, options = {}, tolerance = 1e-6): void =>
  expect(distance(run(a, options), run(b, options))).toBeLessThan(tolerance);

const matrices = {
  start: () => ({ w: array(wave(24, 1), [4, 6]), u: array(wave(24, 2), [6, 4]) }),
  gradient: (step: number) => ({
    w: array(wave(24, 3 + step), [4, 6]),
    u: array(wave(24, 9 + step), [6, 4]),
  }),
};
const exact = createNorm("operator", { polar: "svd", dual: "oracle" });

describe("ggnc", () => {
  test("in the Euclidean norm is SGD clipped by the global norm", () => {
    claim("clipped_gd", "It is SGD clipped by the global norm");
    claim("ggnc", "In the Euclidean norm it is SGD clipped by the global norm");
    for (const threshold of [0.3, 3]) {
      same(
        createOptimizer("clipped_gd", { learningRate: 0.05, momentum: 0, threshold }),
        createOptimizer("sgd", { learningRate: 0.05, clipGlobalNorm: threshold }),
      );
    }
  });

  test("without threshold is steepest descent", () => {
    claim("sd", "It is ggnc without threshold");
    const options = { learningRate: 0.01, momentum: 0.5 };
    const perLayer = layerNorms(() => ({ norm: exact, radius: 1 }), { kind: "l2" });
    same(
      clippedConditionalGradient(perLayer, { ...options, threshold: Number.POSITIVE_INFINITY }),
      steepestDescent(exact, options),
      matrices,
    );
    same(
      createOptimizer("ggnc", { ...options, threshold: 1e6, polar: "svd" }),
      createOptimizer("sd", { ...options, product: "max", polar: "svd" }),
      {},
      2e-5, // steps are some tens long here
    );
  });

  test("with a small threshold, γρ fixed, is uscg", () => {
    same(
      createOptimizer("clipped_sign", { learningRate: 0.01 / 1e-6, threshold: 1e-6 }),
      createOptimizer("signum", { learningRate: 0.01, momentum: 0.9 }),
    );
    const hidden = { momentum: 0.9, norm: "spectral" } as const;
    same(
      createOptimizer("ggnc", { ...hidden, learningRate: 1e4, threshold: 1e-6 }),
      createOptimizer("uscg", { ...hidden, learningRate: 0.01 }),
      matrices,
    );
  });

  test("the step is γ min{ρ, ‖d‖_*} long, below, at and above the threshold", () => {
    claim("ggnc", "the step is γ min{ρ, ‖d‖_*} long, below, at and above the threshold");
    const norm = layerNorms(() => ({ norm: exact, radius: 2 }));
    const g = matrices.gradient(0);
    const product = norm(g);
    const dual = product.dual(refTree(g)).item();
    for (const share of [0.5, 1 - 1e-6, 1 + 1e-6, 3]) {
      const threshold = dual * share;
      const method = clippedConditionalGradient(norm, { learningRate: 0.1, threshold });
      const [step] = method.update(refTree(g), method.init(refTree(g)), refTree(g));
      expect(product.value(step).item()).toBeCloseTo(0.1 * Math.min(threshold, dual), 4);
    }
  });

  test("all layers share one factor", () => {
    const clipped = createOptimizer("ggnc", { learningRate: 0.1, threshold: 1e3, momentum: 0 });
    const plain = createOptimizer("ucg", { learningRate: 0.1 });
    const step = (o: typeof clipped): number[] => {
      const { update, dispose } = compiledUpdate(o);
      const [updates, next] = update(gradients(0), o.init(weights()), weights());
      disposeTree(next);
      dispose();
      return flatten(updates);
    };
    const ratios = step(clipped).map((u, i) => u / (step(plain)[i] ?? Number.NaN));
    const [first = Number.NaN] = ratios;
    expect(first).toBeGreaterThan(1.1);
    for (const ratio of ratios) expect(ratio / first).toBeCloseTo(1, 4);
  });
});

describe("the clipped scions", () => {
  const radii = { radius: 2, embeddingRadius: 1, headRadius: 3, vectorRadius: 1 };
  test("for rho → 0 are the scions", () => {
    claim(["unconstrained_clipped_scion", "clipped_scion"], "For rho → 0 it is Scion");
    const options = { ...radii, learningRate: 0.01 };
    same(
      createOptimizer("unconstrained_clipped_scion", { ...options, rho: 1e-6 }),
      createOptimizer("unconstrained_scion", options),
    );
    same(
      createOptimizer("clipped_scion", { ...options, rho: 1e-6 }),
      createOptimizer("scion", options),
      { start: zeros }, // in the ball, so that S > rho
    );
  });

  test("for large rho the unconstrained one is steepest descent of step lr/rho", () => {
    claim("unconstrained_clipped_scion", "For large rho it is steepest descent of step lr/rho");
    same(
      createOptimizer("unconstrained_clipped_scion", { ...radii, learningRate: 10, rho: 1e4, momentum: 0.9 }),
      createOptimizer("sd", { ...radii, learningRate: 1e-3, product: "max", momentum: 0.9 }),
      {},
      2e-5, // steps are about one long
    );
  });
});

describe("the short step", () => {
  const norm = layerNorms(() => ({ norm: exact, radius: 1 }));
  const product = norm(matrices.start());

  test("keeps weights in the ball; the diameter's steps are the shorter ones", () => {
    claim("s3cg", "keeps weights in the ball; the diameter's steps are the shorter ones");
    const start = (): Tree => product.lmo(matrices.start()); // on the sphere
    const moved = (variant: "diameter" | "primalNorm"): number[] =>
      run(shortStep(norm, { learningRate: 0.25, threshold: 4, radius: 1, variant }), {
        ...matrices,
        start,
        steps: 1,
      });
    const [from, short, long] = [flatten(start()), moved("diameter"), moved("primalNorm")];
    const length = (to: readonly number[]): number => Math.hypot(...to.map((x, i) => x - (from[i] ?? 0)));
    expect(length(short)).toBeGreaterThan(1e-3);
    expect(length(short)).toBeLessThanOrEqual(length(long) * (1 + 1e-6));

    for (const variant of ["diameter", "primalNorm"] as const) {
      const method = shortStep(norm, { learningRate: 0.25, threshold: 4, momentum: 0.5, variant });
      for (const steps of [1, 3, 8]) {
        const end = run(method, { ...matrices, start, steps });
        const tree = {
          w: array(Float32Array.from(end.slice(0, 24)), [4, 6]),
          u: array(Float32Array.from(end.slice(24)), [6, 4]),
        };
        expect(product.value(tree).item()).toBeLessThan(1 + 1e-5);
      }
    }
  });

  test("from the centre of the ball is ggnc with threshold ρβ", () => {
    claim("s3cg", "from the centre of the ball is ggnc with threshold ρβ");
    const start = (): Tree => ({ w: np.zeros([4, 6]), u: np.zeros([6, 4]) });
    for (const threshold of [0.5, 1e3]) {
      const radius = 0.3;
      same(
        shortStep(norm, { learningRate: 0.01, threshold, radius, variant: "primalNorm" }),
        clippedConditionalGradient(norm, { learningRate: 0.01, threshold: threshold * radius }),
        { ...matrices, start, steps: 1 },
      );
    }
  });

  test("stays where it is at a vertex that the gradient points to", () => {
    const g = matrices.gradient(0);
    const vertex = product.lmo(refTree(g));
    for (const variant of ["diameter", "primalNorm"] as const) {
      const method = shortStep(norm, { learningRate: 1, threshold: 1, variant });
      const [step] = method.update(refTree(g), method.init(refTree(g)), refTree(vertex));
      expect(Math.max(...flatten(step).map(Math.abs))).toBeLessThan(1e-5);
    }
  });

  test("outside the ball a gradient that points back is not followed out of it", () => {
    const g = matrices.gradient(0);
    const far = product.lmo(refTree(g)); // twice as far: ⟨d, v⟩ < 0
    const method = shortStep(norm, { learningRate: 1, threshold: 1 });
    const params = Object.fromEntries(namedLeaves(far).map(([path, leaf]) => [path, leaf.mul(2)]));
    const [step] = method.update(refTree(g), method.init(refTree(g)), params);
    expect(flatten(step).every((x) => x === 0 || Object.is(x, -0))).toBe(true);
  });
});

describe("lion-k", () => {
  test("in the max norm is lion", () => {
    claim("lion_k", "In the max norm it is Lion");
    const options = { learningRate: 0.01, b1: 0.8, b2: 0.95, weightDecay: 0.3 };
    same(createOptimizer("lion_k", { ...options, norm: "max" }), createOptimizer("lion", options));
  });

  test("in the spectral norm with b1 = μ², b2 = μ is muon with Nesterov momentum", () => {
    claim("lion_k", "In the spectral norm with b1 = μ², b2 = μ it is Muon with Nesterov momentum");
    const momentum = 0.9;
    same(
      lionK(exact, { learningRate: 0.02, b1: momentum ** 2, b2: momentum, weightDecay: 0.1 }),
      createOptimizer("muon", {
        polar: "svd",
        scale: "none",
        learningRate: 0.02,
        momentum,
        weightDecay: 0.1,
      }),
      matrices,
      1e-5, // the polar factor of a 4 × 6 wave multiplies rounding by its condition number, about 10
    );
  });

  test("with b1 = b2 is scg of radius 1/λ", () => {
    claim("lion_k", "With b1 = b2 it is SCG of radius 1/λ");
    claim("scg", "Lion-K with b1 = b2 = μ is it, with radius 1/λ");
    const [learningRate, weightDecay, norm] = [0.02, 0.5, "spectral"] as const;
    same(
      createOptimizer("lion_k", { norm, learningRate, weightDecay, b1: 0.9, b2: 0.9 }),
      createOptimizer("scg", {
        norm,
        learningRate: learningRate * weightDecay,
        momentum: 0.9,
        radius: 1 / weightDecay,
      }),
      matrices,
    );
  });
});

describe("almond", () => {
  test("without momentum is ucg", () => {
    claim("almond", "Without momentum it is ucg");
    same(createOptimizer("almond", { momentum: 0 }), createOptimizer("ucg"));
  });

  test("x/α − (1−α)x₋/α moves by γ lmo(g)", () => {
    const [learningRate, momentum] = [0.1, 0.75];
    const method = averagedOracle(exact, { learningRate, momentum });
    const at = [0, 1, 2, 3].map((steps) => run(method, { ...matrices, steps }));
    const alpha = 1 - momentum;
    const z = (k: number): number[] =>
      (at[k] ?? []).map((x, i) => x / alpha - ((1 - alpha) / alpha) * (at[k - 1]?.[i] ?? Number.NaN));
    for (const k of [1, 2]) {
      const moved = z(k + 1).map((x, i) => (x - (z(k)[i] ?? Number.NaN)) / learningRate);
      const g = matrices.gradient(k);
      const expected = [...flatten(exact.lmo(g.w)), ...flatten(exact.lmo(g.u))];
      // Divided by αγ = 0.025, rounding of weights near 1.
      expect(distance(moved, expected)).toBeLessThan(4e-5);
    }
  });

  test("averages no longer than the ball's radius", () => {
    claim("almond", "averages no longer than the ball's radius");
    const [start, end] = [0, 1].map((steps) =>
      run(averagedOracle(createNorm("max"), { learningRate: 1, momentum: 0.9, radius: 0.5 }), {
        ...matrices,
        steps,
      }),
    );
    expect(distance(start ?? [], end ?? [])).toBeLessThanOrEqual(0.05 * (1 + 1e-5));
  });
});

describe("gluon", () => {
  test("with L1 = 0 is layer-wise steepest descent of step 1/L0; with L0 = 0 the conditional gradient", () => {
    claim(
      "gluon",
      "With L1 = 0 it is layer-wise steepest descent of step 1/L0, with L0 = 0 the conditional gradient",
    );
    same(
      createOptimizer("gluon", { learningRate: 1, l0: 50, l1: 0, momentum: 0.9 }),
      createOptimizer("sd", { learningRate: 1 / 50, momentum: 0.9 }),
    );
    same(
      createOptimizer("gluon", { learningRate: 0.1, l0: 0, l1: 5, momentum: 0 }),
      createOptimizer("ucg", { learningRate: 0.02 }),
    );
  });
});

describe("cg and scg", () => {
  test("cg is scg without momentum; uscg without momentum is ucg", () => {
    claim(["ucg", "uscg", "cg", "scg"], "cg is scg without momentum; uscg without momentum is ucg");
    same(createOptimizer("cg"), createOptimizer("scg", { momentum: 0 }));
    same(createOptimizer("ucg"), createOptimizer("uscg", { momentum: 0 }));
  });

  test("the first open-loop step jumps to a vertex of the ball", () => {
    claim("cg", "the first open-loop step jumps to a vertex of the ball");
    const cg = createOptimizer("cg", { norm: "max", radius: 0.7, stepRule: "openLoop", learningRate: 1 });
    const end = run(cg, { ...matrices, steps: 1 });
    for (const x of end) expect(Math.abs(x)).toBeCloseTo(0.7, 6);
  });
});

describe("weight decay as a ball", () => {
  test("uscg with decay is scg with what impliedConstraint says", () => {
    const decayForm = { learningRate: 0.02, weightDecay: 0.3, radius: 0.7 };
    const { step, radius } = impliedConstraint(decayForm);
    const decayed = chain(
      oracleStep(exact, decayForm.radius),
      addDecayedWeights(decayForm.weightDecay),
      scaleByLearningRate(decayForm.learningRate),
    );
    const scg = chain(oracleStep(exact, radius), addDecayedWeights(1), scaleByLearningRate(step));
    same(decayed, scg, matrices);
  });

  test("there and back", () => {
    const form = { learningRate: 0.02, weightDecay: 0.3, radius: 0.7 };
    const back = impliedDecay(impliedConstraint(form), { oracleRadius: 0.7 });
    for (const key of ["learningRate", "weightDecay", "radius"] as const)
      expect(back[key]).toBeCloseTo(form[key], 12);
    expect(impliedConstraint({ learningRate: 0.1, weightDecay: 0.01 })).toEqual({ step: 0.001, radius: 100 });
  });

  test("no decay, no ball", () => {
    expect(() => impliedConstraint({ learningRate: 0.1, weightDecay: 0 })).toThrow(/weightDecay must be > 0/);
    expect(() => impliedConstraint({ learningRate: 4, weightDecay: 0.5 })).toThrow(/at most 1, got 2/);
    expect(() => impliedDecay({ step: 2, radius: 1 })).toThrow(/step must be at most 1/);
  });
});

describe("scion_light", () => {
  test("is scion", () => {
    claim("scion_light", "It is Scion");
    // eps = 1e-8 weighs less beside a sum ten times the average.
    same(createOptimizer("scion_light"), createOptimizer("scion"));
    same(createOptimizer("scion_light", { unconstrained: true }), createOptimizer("unconstrained_scion"));
  });
});

describe("what is refused", () => {
  const norm = layerNorms(() => ({ norm: exact, radius: 1 }));
  test.each([
    [() => clippedConditionalGradient(norm, { learningRate: 1, threshold: 0 }), /threshold ρ must be > 0/],
    [() => shortStep(norm, { learningRate: 1, threshold: -1 }), /threshold ρ must be > 0/],
    [
      () => shortStep(norm, { learningRate: 1, threshold: 1, radius: 0 }),
      /shortStep: radius must be > 0, got 0/,
    ],
    [() => smoothnessStep(exact, 1, { l0: 0, l1: 0 }), /not both 0/],
  ])("%s", (make, message) => {
    expect(make).toThrow(message);
  });
});

test("whole-tree methods leak nothing", async () => {
  for (const kind of ["max", "l2"] as const) {
    const norm = layerNorms(() => ({ norm: exact, radius: 1 }), { kind });
    const methods = [
      clippedConditionalGradient(norm, { learningRate: 0.1, threshold: 1 }),
      shortStep(norm, { learningRate: 0.1, threshold: 1, variant: "primalNorm" }),
    ];
    for (const method of methods)
      expect(await leakedBuffers(() => run(method, { ...matrices, steps: 2 }))).toBe(0);
  }
  const inner = (): number => innerProduct(matrices.start(), matrices.start()).item();
  expect(await leakedBuffers(inner)).toBe(0);
  expect(inner()).toBeCloseTo(
    flatten(matrices.start()).reduce((sum, x) => sum + x * x, 0),
    4,
  );
});
