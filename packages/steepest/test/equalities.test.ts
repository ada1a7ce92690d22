import { numpy as np, tree } from "@jax-js/jax";
import { chain, createOptimizer, refTree, type Transform } from "steepest";
import { createNorm } from "steepest/norms";
import {
  conditionalGradient,
  oracleStep,
  steepestDescent,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import { addDecayedWeights, scaleByLearningRate } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { array, distance, run, wave } from "./support/trees.ts";

// Methods that must coincide (algorithms, section 9). Four float32 steps of size below 0.1: 1e-6 is rounding.
const rounding = 1e-6;
const same = (a: Transform, b: Transform, options = {}): void =>
  expect(distance(run(a, options), run(b, options))).toBeLessThan(rounding);

const matrices = {
  start: () => ({ w: array(wave(24, 1), [4, 6]), u: array(wave(24, 2), [6, 4]) }),
  gradient: (step: number) => ({
    w: array(wave(24, 3 + step), [4, 6]),
    u: array(wave(24, 9 + step), [6, 4]),
  }),
};

describe("special cases that coincide", () => {
  test("uSCG in the max norm is signum", () => {
    claim("signum", "uSCG in the max norm is signum");
    const max = createNorm("max");
    same(
      unconstrainedConditionalGradient(max, { learningRate: 0.01, momentum: 0.9 }),
      createOptimizer("signum", { learningRate: 0.01, momentum: 0.9 }),
    );
  });

  test("signum without momentum is signsgd", () => {
    claim("signsgd", "signum without momentum is signsgd");
    same(createOptimizer("signum", { momentum: 0 }), createOptimizer("signsgd"));
  });

  test("steepest descent in the Frobenius norm is SGD", () => {
    claim(["sgd", "sd"], "steepest descent in the Frobenius norm is SGD");
    const sgd = createOptimizer("sgd", { learningRate: 0.05 });
    same(steepestDescent(createNorm("frobenius"), { learningRate: 0.05 }), sgd);
    same(createOptimizer("sd", { norm: "frobenius", learningRate: 0.05 }), sgd);
  });

  test("uSCG with decoupled decay λ is SCG with radius ρ/λ and step ηλ", () => {
    claim(
      ["uscg", "scg"],
      "Without momentum uSCG in the spectral norm with decoupled decay λ is SCG of radius ρ/λ and step ηλ",
    );
    const norm = createNorm("operator", { polar: "svd" });
    const [learningRate, radius, decay] = [0.02, 0.7, 0.3];
    const decayed = chain(
      oracleStep(norm, radius),
      addDecayedWeights(decay),
      scaleByLearningRate(learningRate),
    );
    const constrained = conditionalGradient(norm, {
      learningRate: learningRate * decay,
      radius: radius / decay,
    });
    same(decayed, constrained, matrices);
  });

  test("lion with b1 = b2 is SCG in the max norm with radius 1/λ", () => {
    claim("lion", "lion with b1 = b2 is SCG in the max norm with radius 1/λ");
    const [learningRate, weightDecay] = [0.02, 0.5];
    same(
      createOptimizer("lion", { learningRate, b1: 0.9, b2: 0.9, weightDecay }),
      conditionalGradient(createNorm("max"), {
        learningRate: learningRate * weightDecay,
        momentum: 0.9,
        radius: 1 / weightDecay,
      }),
    );
  });

  test("muon with an exact polar factor and no scale is uSCG in the spectral norm", () => {
    claim("muon", "muon with an exact polar factor and no scale is uSCG in the spectral norm");
    const muon = createOptimizer("muon", { polar: "svd", nesterov: false, scale: "none", momentum: 0.8 });
    const spectral = createNorm("operator", { polar: "svd" });
    same(muon, unconstrainedConditionalGradient(spectral, { learningRate: 0.02, momentum: 0.8 }), matrices);
  });

  test("muon averages or sums: the same step", () => {
    claim("muon", "muon averages or sums: the same step");
    const options = { learningRate: 0.02, nesterov: true } as const;
    same(
      createOptimizer("muon", { ...options, momentumForm: "ema" }),
      createOptimizer("muon", { ...options, momentumForm: "sum" }),
      matrices,
    );
  });

  test("moonlight's scale is a change of learning rate and decay", () => {
    claim(
      "muon_moonlight",
      "For weights of one shape moonlight's scale is a change of learning rate and decay",
    );
    const shape = [4, 6];
    const options = {
      start: () => ({ w: array(wave(24, 1), shape) }),
      gradient: (step: number) => ({ w: array(wave(24, 3 + step), shape) }),
    };
    const ratio = 1 / (0.2 * Math.sqrt(6));
    same(
      createOptimizer("muon", { learningRate: 0.02, weightDecay: 0.1 }),
      createOptimizer("muon", { learningRate: 0.02 * ratio, weightDecay: 0.1 / ratio, scale: "moonlight" }),
      options,
    );
  });

  test("adam without averages is signsgd", () => {
    claim(["adam", "signsgd"], "adam without averages and eps is signsgd");
    const adam = createOptimizer("adam", { b1: 0, b2: 0, eps: 0 });
    same(adam, createOptimizer("signsgd"));
  });

  test("adam without its first average and second correction is rmsprop", () => {
    claim(["adam", "rmsprop"], "adam without its first average, its correction undone, is rmsprop");
    const [learningRate, b2] = [0.01, 0.9];
    // Adam divides by √(v/(1 − b2^t)), RMSprop by √v; t counts from 0 in schedules.
    const undone = (t: np.Array): np.Array =>
      np.reciprocal(
        np.sqrt(
          np
            .exp(t.add(1).mul(Math.log(b2)))
            .mul(-1)
            .add(1),
        ),
      );
    const adam = createOptimizer("adam", { learningRate, b1: 0, b2, eps: 0, schedule: undone });
    same(adam, createOptimizer("rmsprop", { learningRate, alpha: b2, eps: 0 }));
    const corrected = createOptimizer("adam", { learningRate, b1: 0, b2, eps: 0 });
    expect(distance(run(corrected), run(adam))).toBeGreaterThan(1e-3);
  });

  test("adam and adamw differ in decay only", () => {
    claim(["adam", "adamw"], "adam and adamw differ in decay only");
    same(createOptimizer("adam"), createOptimizer("adamw", { weightDecay: 0 }));
    const decayed = run(createOptimizer("adamw", { weightDecay: 0.5 }));
    expect(distance(decayed, run(createOptimizer("adam", { weightDecay: 0.5 })))).toBeGreaterThan(1e-4);
  });

  test("mano_v2 is mano where the vectors of W are unit", () => {
    claim(["mano", "mano_v2"], "Where the vectors of W are unit the first step of mano_v2 is that of mano");
    // A 2 × 2 rotation has unit columns and unit rows; the first step is the one to compare.
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const options = {
      start: () => ({ w: array(Float32Array.of(c, -s, s, c), [2, 2]) }),
      gradient: () => ({ w: array(Float32Array.of(0.3, -0.8, 0.5, 0.1), [2, 2]) }),
      steps: 1,
    };
    const both = { learningRate: 0.05, nesterov: false } as const;
    same(createOptimizer("mano", both), createOptimizer("mano_v2", both), options);
  });

  test("scion is unconstrained_scion plus decay 1", () => {
    claim(["scion", "unconstrained_scion"], "scion is unconstrained_scion plus decay 1");
    const plain = createOptimizer("unconstrained_scion", { learningRate: 0.01 });
    const decayed: Transform = {
      init: (params) => plain.init(params),
      update(updates, state, params, context) {
        const [moved, next] = plain.update(
          updates,
          state as ReturnType<typeof plain.init>,
          refTree(params),
          context,
        );
        const all = tree.map((move: np.Array, weight: np.Array) => move.sub(weight.mul(0.01)), moved, params);
        return [all, next];
      },
    };
    same(decayed, createOptimizer("scion", { learningRate: 0.01 }));
  });
});

describe("scale invariance", () => {
  const times =
    (factor: number) =>
    (step: number): { w: np.Array } => ({ w: array(wave(24, 3 + step), [4, 6]).mul(factor) });
  const start = (): { w: np.Array } => ({ w: array(wave(24, 1), [4, 6]) });

  test.each(["signum", "lion", "nsgd", "muon", "scion", "unconstrained_scion", "mano", "mano_v2"] as const)(
    "%s: 1e4 and 1e-4 times the gradients give the same weights",
    (name) => {
      claim(name, "1e4 and 1e-4 times the gradients give the same weights");
      const optimizer = createOptimizer(name, { learningRate: 0.02 });
      const plain = run(optimizer, { start, gradient: times(1) });
      // Mano's and nsgd's eps of 1e-8 and 1e-12 beside a column of 1e-5; Newton-Schulz amplifies rounding.
      expect(distance(run(optimizer, { start, gradient: times(1e4) }), plain)).toBeLessThan(2e-5);
      expect(distance(run(optimizer, { start, gradient: times(1e-4) }), plain)).toBeLessThan(2e-5);
    },
  );
});

describe("mano", () => {
  test.each(["mano", "mano_v2"] as const)(
    "%s: the first update has columns of RMS 0.2, and mano's is tangent",
    (name) => {
      claim(name, `The first update has columns of RMS 0.2${name === "mano" ? ", and is tangent" : ""}`);
      const optimizer = createOptimizer(name, { learningRate: 1, weightDecay: 0 });
      const w = array(wave(24, 1), [4, 6]);
      const state = optimizer.init({ w: w.ref });
      const [updates] = optimizer.update({ w: array(wave(24, 5), [4, 6]) }, state, { w: w.ref });
      const u = (updates as { w: np.Array }).w;
      const lengths = np.sqrt(np.square(u.ref).sum(0)).js() as number[];
      for (const length of lengths) expect(length).toBeCloseTo(0.2 * Math.sqrt(4), 5);
      const radial = u.mul(w).sum(0).js() as number[];
      if (name === "mano") for (const r of radial) expect(Math.abs(r)).toBeLessThan(1e-6);
    },
  );
});
