import { jit, numpy as np } from "@jax-js/jax";
import {
  applyUpdates,
  clippedConditionalGradient,
  createNorm,
  layerNorms,
  productNorm,
  refTree,
  shortStep,
  type Transform,
  type Tree,
  unconstrainedConditionalGradient,
} from "steepest";
import { describe, expect, test } from "vitest";
import { type LeastSquares, leastSquares, type Matrices } from "./support/leastSquares.ts";
import { normCurvatures } from "./support/normCurvature.ts";
import { constantsChoices, promised, theoryCases } from "./support/theoryConstants.ts";

const exact = { oracle: "svd", dual: "oracle" } as const;

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
  let state = method.init(refTree(params));
  for (let step = 0; step < steps; step++) {
    const { w } = params as { w: np.Array };
    const gradient = problem.gradient(w.ref);
    see(gradient.ref, problem.value(w.ref).item(), w.ref);
    const [updates, next] = method.update({ w: gradient }, state, refTree(params));
    state = next;
    params = applyUpdates(params, updates);
  }
}

describe.each([...normCurvatures])("a convex quadratic in the norm %s", (_, norm, kappaSquare) => {
  const [m, n] = [4, 6];
  const problem = leastSquares(m, n, 3);
  const smoothness = (problem.a[0] ?? 1) * (problem.b[0] ?? 1) * kappaSquare(m, n);
  const layers = layerNorms(() => ({ norm, radius: 1 }));
  const steps = 15;

  test("ggnc descends at every step, by what the lemma says", () => {
    const threshold = 0.3;
    const learningRate = 1 / smoothness;
    const promised: number[] = [];
    const values: number[] = [];
    descend(problem, clippedConditionalGradient(layers, { learningRate, threshold }), steps, (g, value) => {
      const dual = norm.dual(g).item();
      values.push(value);
      promised.push((learningRate / 2) * Math.min(threshold, dual) * dual);
    });
    // eps = 1e-8 of the row and column norms takes that share of a step.
    for (const [i, value] of values.slice(1).entries())
      expect(value).toBeLessThanOrEqual((values[i] ?? 0) - (promised[i] ?? 0) * (1 - 1e-6));
  });

  test("the short step descends inside its ball", () => {
    const radius = 1.5;
    for (const variant of ["diameter", "primalNorm"] as const) {
      const values: number[] = [];
      const method = shortStep(layers, {
        learningRate: 1 / smoothness,
        threshold: smoothness,
        radius,
        variant,
      });
      const shape = [m, n];
      const ball = productNorm([{ path: "w", shape, role: "hidden" }], () => ({ norm, radius }));
      descend(problem, method, steps, (g, value, x) => {
        g.dispose();
        values.push(value);
        expect(ball.value({ w: x }).item()).toBeLessThan(1 + 1e-5);
      });
      expect(values[steps - 1]).toBeLessThan((values[0] ?? 0) * 0.999);
      for (const [i, value] of values.slice(1).entries())
        expect(value).toBeLessThanOrEqual((values[i] ?? 0) * (1 + 1e-12));
    }
  });

  test("uSCG of fixed step does not descend for ever", () => {
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
  const accuracy = 0.1; // in the spectral norm of the gradient
  const norms = {
    nsgd: createNorm("frobenius"),
    muon: createNorm("operator", exact),
    neon: createNorm("nuclear"),
  };
  // Neon with the paper's constant takes over a thousand steps: bench/least-squares-theory.ts does those.
  const cases = theoryCases.flatMap((theory) =>
    constantsChoices
      .filter((constants) => constants === "exact" || theory.method !== "neon")
      .map((constants) => ({ constants, ...theory })),
  );

  test.each(cases)(
    "$method with the $constants constant reaches its target within the promised number of steps, for 5 seeds",
    ({ method, constants, target: targetOf, lipschitz }) => {
      const norm = norms[method];
      const target = targetOf(n, accuracy);
      const step = jit((x: np.Array, matrices: Matrices, length: np.Array) => {
        const gradient = np.matmul(np.matmul(matrices.left, x.ref.sub(matrices.target)), matrices.right);
        return [x.add(norm.lmo(gradient.ref).mul(length)), norm.dual(gradient)];
      });
      for (const seed of [1, 2, 3, 4, 5]) {
        const problem = leastSquares(n, n, seed);
        const gap = problem.value(problem.start.ref).item();
        const bound = promised(lipschitz[constants](problem), gap, target);
        const length = np.array(bound.step, { dtype: np.float64 });
        let x = problem.start.ref;
        let hit = Number.POSITIVE_INFINITY;
        for (let k = 1; k <= bound.steps; k++) {
          const [next, dual] = step(x, refTree(problem.matrices), length.ref) as [np.Array, np.Array];
          x = next;
          if (dual.item() <= target) {
            hit = k;
            break;
          }
        }
        expect(hit).toBeLessThanOrEqual(bound.steps);
        expect(hit).toBeGreaterThan(1);
      }
      step.dispose();
    },
  );
});
