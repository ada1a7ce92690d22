import { jit, numpy as np } from "@jax-js/jax";
import { spec, TrainStep } from "@steepest/onnx";
import {
  applyUpdates,
  createOptimizer,
  describeOptimizer,
  type Optimizer,
  type OptimizerState,
  optimizerNames,
  refTree,
  type StepContext,
  stepKey,
  type Tree,
} from "steepest";
import { describe, expect, test } from "vitest";
import { stepVariants } from "../src/engine/stepVariants.ts";

/** Square matrices: their gradients have full rank, so that no method meets an arbitrary null-space basis. */
const shapes: Record<string, number[]> = {
  hidden: [5, 5],
  other: [4, 4],
  embedding: [4, 4],
  head: [4, 4],
  bias: [5],
};

/** Deterministic noise in (−1, 1); a smooth pattern would give matrices of low rank. */
function noise(shape: readonly number[], seed: number): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from({ length: size }, (_, i) => {
    const x = 43758.5453 * Math.sin(12.9898 * (i + 1) + 78.233 * seed);
    return 2 * (x - Math.floor(x)) - 1;
  });
}

const arrays = (seed: number): Record<string, np.Array> =>
  Object.fromEntries(
    Object.entries(shapes).map(([path, shape], i) => [
      path,
      np.array(noise(shape, seed + i)).reshape([...shape]),
    ]),
  );
const numbers = (seed: number): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(shapes).map(([path, shape], i) => [path, noise(shape, seed + i)]));

/** Those whose step takes nothing but gradients. */
const byGradients = optimizerNames().filter((name) => describeOptimizer(name).needs === undefined);

/** The update compiled by jax-js, once for every step key: the eager one within rounding, which its own tests hold. */
function jaxUpdate(optimizer: Optimizer) {
  const compile = (context: StepContext) =>
    jit((gradients: Tree, state: Tree, params: Tree) =>
      optimizer.update(gradients, state as OptimizerState, params, context),
    );
  const steps = new Map<string, ReturnType<typeof compile>>();
  return {
    update(gradients: Tree, state: Tree, params: Tree, context: StepContext): [Tree, Tree] {
      const key = stepKey(optimizer, context);
      const step = steps.get(key) ?? compile(context);
      steps.set(key, step);
      return step(gradients, state, params) as [Tree, Tree];
    },
    dispose: () => {
      for (const step of steps.values()) step.dispose();
    },
  };
}

type Both = { params: Tree; state: OptimizerState };

describe("a step as a native graph is the step of jax-js", () => {
  // Sums of at most 28 terms in another order; methods that normalise amplify that a little over three steps.
  const rounding = 5e-6;
  /** Two eigensolvers, LAPACK's and jax-js's, agree to 1e-7 over the gap between eigenvalues. */
  const eigenvectors = 1e-4;
  const tolerances: Record<string, number> = {
    soap: eigenvectors,
    adadiag_pp: eigenvectors,
    swan: 2 * rounding, // twenty Newton-Schulz steps, others five to ten
  };

  test.each(byGradients)("%s", async (name) => {
    const optimizer = createOptimizer(name, { learningRate: 0.01 });
    const variants = stepVariants(optimizer);
    const params = arrays(1);
    const step = TrainStep.create(
      ({ params: weights, state }: Both, gradients: Record<string, np.Array>, variant) => {
        const [updates, next] = optimizer.update(
          gradients,
          state,
          refTree(weights),
          variants.contexts[variant],
        );
        return [{ params: applyUpdates(weights, updates), state: next }, {}] as [
          Both,
          Record<string, np.Array>,
        ];
      },
      {
        state: { params: refTree(params), state: optimizer.init(refTree(params)) },
        batch: Object.fromEntries(Object.entries(shapes).map(([path, shape]) => [path, spec(shape)])),
        phases: variants.contexts.length,
      },
    );
    let reference: Tree = params;
    let state: Tree = optimizer.init(refTree(reference));
    const compiled = jaxUpdate(optimizer);
    for (let i = 0; i < 3; i++) {
      step.steps = variants.of(i);
      await step.run(numbers(20 + 7 * i));
      const context = { phase: i % optimizer.period, first: i === 0 };
      const [updates, next] = compiled.update(arrays(20 + 7 * i), state, refTree(reference), context);
      state = next;
      reference = applyUpdates(reference, updates);
    }
    compiled.dispose();
    for (const [path, array] of Object.entries(reference as Record<string, np.Array>)) {
      const expected = await array.data();
      const native = step.state[`params.${path}`];
      const worst = expected.reduce(
        (most: number, x: number, i: number) => Math.max(most, Math.abs(x - Number(native?.[i]))),
        0,
      );
      expect(worst, path).toBeLessThan(tolerances[name] ?? rounding);
    }
    step.dispose();
  });
});
