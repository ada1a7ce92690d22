import { jit, numpy as np, vmap } from "@jax-js/jax";
import { applyUpdates, refTree, type Transform, type Tree } from "steepest";
import { polarExpressSet } from "steepest/matrix";
import { createNorm, productNorm } from "steepest/norms";
import {
  clippedConditionalGradient,
  layerNorms,
  shortStep,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { type LeastSquares, leastSquares } from "./support/leastSquares.ts";
import { normCurvatures } from "./support/normCurvature.ts";
import { constantsChoices, promised, theoryCases } from "./support/theoryConstants.ts";
import { compiledUpdate } from "./support/trees.ts";

/**
 * Weights and function values along a run with exact gradients; `see` gets each point before its step. The problem
 * and one weight `w`, in float64.
 */
function descend(
  problem: LeastSquares,
  method: Transform,
  steps: number,
  see: (gradient: np.Array, value: number, x: np.Array) => void,
): void {
  let params: Tree = { w: problem.start.ref };
  let state: Tree = method.init(refTree(params));
  const { update, dispose } = compiledUpdate(method);
  for (let step = 0; step < steps; step++) {
    const { w } = params as { w: np.Array };
    const gradient = problem.gradient(w.ref);
    see(gradient.ref, problem.value(w.ref).item(), w.ref);
    const [updates, next] = update({ w: gradient }, state, refTree(params));
    state = next;
    params = applyUpdates(params, updates);
  }
  dispose();
}

describe.each([...normCurvatures])("a convex quadratic in the norm %s", (_, norm, kappaSquare) => {
  const [m, n] = [4, 6];
  const problem = leastSquares(m, n, 3);
  const smoothness = (problem.a[0] ?? 1) * (problem.b[0] ?? 1) * kappaSquare(m, n);
  const layers = layerNorms(() => ({ norm, radius: 1 }));
  const steps = 15;
  const dual = jit((g: np.Array) => norm.dual(g));

  test("ggnc descends at every step, by what the lemma says", () => {
    claim(
      ["ggnc", "clipped_sign", "clipped_spectral"],
      "On a quadratic it descends at every step, by what the lemma says",
    );
    const threshold = 0.3;
    const learningRate = 1 / smoothness;
    const promised: number[] = [];
    const values: number[] = [];
    descend(problem, clippedConditionalGradient(layers, { learningRate, threshold }), steps, (g, value) => {
      const size = dual(g).item();
      values.push(value);
      promised.push((learningRate / 2) * Math.min(threshold, size) * size);
    });
    // eps = 1e-8 of the row and column norms takes that share of a step.
    for (const [i, value] of values.slice(1).entries())
      expect(value).toBeLessThanOrEqual((values[i] ?? 0) - (promised[i] ?? 0) * (1 - 1e-6));
  });

  test("the short step descends inside its ball", () => {
    claim("s3cg", "the short step descends inside its ball");
    const radius = 1.5;
    const ball = productNorm([{ path: "w", shape: [m, n], role: "hidden" }], () => ({ norm, radius }));
    const inBall = jit((w: np.Array) => ball.value({ w }));
    for (const variant of ["diameter", "primalNorm"] as const) {
      const values: number[] = [];
      const method = shortStep(layers, {
        learningRate: 1 / smoothness,
        threshold: smoothness,
        radius,
        variant,
      });
      descend(problem, method, steps, (g, value, x) => {
        g.dispose();
        values.push(value);
        expect(inBall(x).item()).toBeLessThan(1 + 1e-5);
      });
      expect(values[steps - 1]).toBeLessThan((values[0] ?? 0) * 0.999);
      for (const [i, value] of values.slice(1).entries())
        expect(value).toBeLessThanOrEqual((values[i] ?? 0) * (1 + 1e-12));
    }
  });

  test("uSCG of fixed step does not descend for ever", () => {
    claim("uscg", "With a fixed step it does not descend for ever");
    const values: number[] = [];
    // The step that a gradient of dual norm 1 asks for: too long near the minimum.
    const learningRate = 1 / smoothness;
    descend(problem, unconstrainedConditionalGradient(norm, { learningRate }), 80, (g, value) => {
      g.dispose();
      values.push(value);
    });
    const rises = values.slice(1).filter((value, i) => value > (values[i] ?? 0));
    expect(rises.length).toBeGreaterThan(0);
  });
});

// Algorithms, section 4.3: with the exact Lipschitz constant L, a step ε/L reaches ‖∇F‖_* ≤ ε within K = ⌈2LΔ/ε²⌉ steps.
describe("the least-squares problem of The Nuclear Norm and Beyond, 10 × 10", () => {
  const n = 10;
  /** ε in the spectral norm of the gradient; the paper's constants ask for n times as many steps, hence of a larger ε. */
  const accuracyFor = { exact: 0.1, paper: 0.3 };
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  // By matrix products, since they are run some thousand times; to 1e-6 here, and held against the exact ones below.
  const norms = {
    nsgd: createNorm("frobenius"),
    muon: createNorm("operator", { polar: { coefficients: polarExpressSet({ lower: 1e-5 }) } }),
    neon: createNorm("nuclear", { topPair: "lanczos", steps: 10 }),
  };
  const exactDuals = {
    nsgd: createNorm("frobenius").dual,
    muon: createNorm("operator").dual,
    neon: createNorm("nuclear").dual,
  };
  const cases = theoryCases.flatMap((theory) =>
    constantsChoices.map((constants) => ({ constants, ...theory })),
  );

  test.each(cases)(
    "$method with the $constants constant reaches its target within the promised number of steps, for 20 seeds",
    ({ method, constants, target: targetOf, lipschitz }) => {
      const norm = norms[method];
      const target = targetOf(n, accuracyFor[constants]);
      const problems = seeds.map((seed) => leastSquares(n, n, seed));
      const bounds = problems.map((problem) =>
        promised(lipschitz[constants](problem), problem.value(problem.start.ref).item(), target),
      );
      const stacked = ["left", "right", "target"] as const;
      const [left, right, solution] = stacked.map((part) =>
        np.stack(problems.map(({ matrices }) => matrices[part].ref)),
      );
      const lengths = np.array(Float64Array.from(bounds, ({ step }) => step));
      // Twenty problems in one compiled step.
      const oracle = vmap((gradient: np.Array): np.Array => norm.lmo(gradient));
      const step = jit((x: np.Array, a: np.Array, b: np.Array, s: np.Array, length: np.Array) => {
        const gradient = np.matmul(np.matmul(a, x.ref.sub(s)), b);
        const direction = oracle(gradient.ref);
        const dual = np.sum(gradient.ref.mul(direction.ref), [1, 2]).mul(-1);
        return [x.add(direction.mul(length.reshape([seeds.length, 1, 1]))), dual, gradient];
      });
      const hits = seeds.map(() => Number.POSITIVE_INFINITY);
      const longest = Math.max(...bounds.map(({ steps }) => steps));
      let x = np.zeros([seeds.length, n, n], { dtype: np.float64 });
      for (let k = 1; k <= longest && hits.includes(Number.POSITIVE_INFINITY); k++) {
        if (left === undefined || right === undefined || solution === undefined)
          throw new Error("three parts");
        const [next, duals, gradients] = step(
          x,
          left.ref,
          right.ref,
          solution.ref,
          lengths.ref,
        ) as np.Array[];
        if (next === undefined || duals === undefined || gradients === undefined)
          throw new Error("three results");
        x = next;
        for (const [i, dual] of duals.dataSync().entries()) {
          if (dual > target || hits[i] !== Number.POSITIVE_INFINITY) continue;
          hits[i] = k;
          const gradient = gradients.ref.slice(i);
          expect(exactDuals[method](gradient).item()).toBeLessThanOrEqual(target * (1 + 1e-5));
        }
        gradients.dispose();
      }
      for (const [i, { steps }] of bounds.entries()) {
        expect(hits[i]).toBeLessThanOrEqual(steps);
        expect(hits[i]).toBeGreaterThan(1);
      }
      for (const unused of [x, left, right, solution, lengths]) unused?.dispose();
      step.dispose();
    },
  );
});
