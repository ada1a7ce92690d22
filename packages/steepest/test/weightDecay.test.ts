import { createOptimizer, disposeTree, type OptimizerName } from "steepest";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { distance, flatten, gradients, run, weights, zeros } from "./support/trees.ts";

// float32 rounding of weights near 1 over four steps.
const rounding = 1e-6;

/** Methods without a constraint of their own, and what their decay is for: all parameters, or hidden weights. */
const unconstrained: readonly (readonly [name: OptimizerName, options: Readonly<Record<string, unknown>>])[] =
  [
    ["ucg", {}],
    ["uscg", {}],
    ["unconstrained_scion", {}],
    ["scion_light", { unconstrained: true }],
    ["unconstrained_clipped_scion", { rho: 10 }],
    ["almond", {}],
    ["sd", {}],
    ["sd", { product: "max" }],
    ["ggnc", { threshold: 2 }],
    ["clipped_gd", {}],
    ["clipped_sign", {}],
    ["gluon", {}],
    ["colnorm_sgd", {}],
    ["rownorm_sgd", {}],
  ];
const hiddenOnly: typeof unconstrained = [
  ["nsgd", {}],
  ["clipped_spectral", {}],
  ["stochastic_spectral_descent", {}],
];
const hidden = 2 * 24; // the first leaves of the tree

const [learningRate, weightDecay] = [0.01, 0.3];

describe("decoupled decay", () => {
  const step = (name: string, options: Readonly<Record<string, unknown>>): number[] => {
    const optimizer = createOptimizer(name, options);
    const [updates, next] = optimizer.update(gradients(0), optimizer.init(weights()), weights());
    disposeTree(next);
    return flatten(updates);
  };
  const before = flatten(weights());

  test.each([...unconstrained, ...hiddenOnly])(
    "%s %j: shrinks weights by ηλ beside the step",
    (name, own) => {
      const count = hiddenOnly.some(([only]) => only === name) ? hidden : before.length;
      const plain = step(name, { ...own, learningRate });
      const decayed = step(name, { ...own, learningRate, weightDecay });
      const expected = plain.map((u, i) =>
        i < count ? u - learningRate * weightDecay * (before[i] ?? 0) : u,
      );
      expect(distance(decayed, expected)).toBeLessThan(rounding);
      const still = run(createOptimizer(name, { ...own, learningRate, weightDecay }), {
        gradient: zeros,
        steps: 1,
      });
      const kept = before.map((w, i) => (i < count ? w * (1 - learningRate * weightDecay) : w));
      expect(distance(still, kept)).toBeLessThan(rounding);
    },
  );

  const norms = ["byRole", "spectral", "sign_normalized", "frobenius", "colnorm"] as const;
  test.each(norms)("uscg of radius ρ is scg of radius ρ/λ and rate ηλ (%s)", (norm) => {
    claim(["uscg", "scg"], "With decay λ and rate η, uscg of radius ρ is scg of radius ρ/λ and rate ηλ");
    const radii = { radius: 0.7, embeddingRadius: 2, headRadius: 5, vectorRadius: 0.4 };
    const balls = Object.fromEntries(Object.entries(radii).map(([name, r]) => [name, r / weightDecay]));
    const decayed = createOptimizer("uscg", { ...radii, norm, learningRate, weightDecay });
    const constrained = createOptimizer("scg", { ...balls, norm, learningRate: learningRate * weightDecay });
    expect(distance(run(decayed), run(constrained))).toBeLessThan(rounding);
    expect(
      distance(run(decayed), run(createOptimizer("uscg", { ...radii, norm, learningRate }))),
    ).toBeGreaterThan(1e-3);
  });

  test("unconstrained_scion with decay 1 is scion; scion_light, unconstrained, is unconstrained_scion", () => {
    claim(["unconstrained_scion", "scion"], "unconstrained_scion with decay 1 is scion");
    claim(["unconstrained_scion", "scion_light"], "scion_light, unconstrained, is unconstrained_scion");
    const scion = createOptimizer("scion", { learningRate });
    const decayed = createOptimizer("unconstrained_scion", { learningRate, weightDecay: 1 });
    expect(distance(run(decayed), run(scion))).toBeLessThan(rounding);
    const light = createOptimizer("scion_light", { learningRate, unconstrained: true, weightDecay });
    const plain = createOptimizer("unconstrained_scion", { learningRate, weightDecay });
    expect(distance(run(light), run(plain))).toBeLessThan(rounding);
    expect(() => createOptimizer("scion_light", { weightDecay: 0.1 })).toThrow(/needs unconstrained: true/);
  });

  test("f_muon and f_neon with α = 0 are nsgd, with decay and a shape factor too", () => {
    for (const scale of ["none", "rms", "moonlight"] as const) {
      const options = { learningRate, weightDecay, scale };
      const nsgd = run(createOptimizer("nsgd", options));
      expect(distance(run(createOptimizer("f_muon", { ...options, alpha: 0 })), nsgd)).toBeLessThan(rounding);
      expect(distance(run(createOptimizer("f_neon", { ...options, alpha: 0 })), nsgd)).toBeLessThan(rounding);
    }
  });
});
