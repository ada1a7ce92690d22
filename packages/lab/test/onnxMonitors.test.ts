import { grad, numpy as np } from "@jax-js/jax";
import { compile } from "@steepest/onnx";
import {
  applyUpdates,
  createOptimizer,
  disposeTree,
  type OptimizerState,
  refTree,
  scionNorm,
} from "steepest";
import {
  boundUsed,
  dualFromStep,
  estimatorDual,
  gradientEstimate,
  predictedDescent,
  type RunningSmoothnessState,
  runningSmoothness,
  smoothnessSample,
  wolfeGap,
} from "steepest/monitors";
import { expect, test } from "vitest";

const options = { learningRate: 0.05, momentum: 0.5, radius: 2, headRadius: 4 } as const;
const optimizer = createOptimizer("scion", options);
const smoothness = runningSmoothness();

type Params = { hidden: np.Array; head: np.Array; bias: np.Array };

/** Noise of full rank in (−1, 1). */
function noise(shape: number[], seed: number): np.Array {
  const size = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: size }, (_, i) => {
    const x = 43758.5453 * Math.sin(12.9898 * (i + 1) + 78.233 * seed);
    return 2 * (x - Math.floor(x)) - 1;
  });
  return np.array(values).reshape(shape);
}

const params = (): Params => ({ hidden: noise([6, 5], 1), head: noise([4, 6], 2), bias: noise([6], 3) });

function loss({ hidden, head, bias }: Params, x: np.Array): np.Array {
  const inner = np.matmul(x, np.matrixTranspose(hidden)).add(bias);
  return np.square(np.matmul(np.tanh(inner), np.matrixTranspose(head))).mean();
}

test("every monitor in one native graph gives what jax-js gives, over three steps", async () => {
  const start = params();
  const norm = scionNorm(options)(start);
  const monitored = (x: np.Array, weights: Params, state: OptimizerState, seen: RunningSmoothnessState) => {
    const gradient = grad((p: Params) => loss(p, x.ref))(refTree(weights));
    const [move, next] = optimizer.update(refTree(gradient), state, refTree(weights));
    const moved = applyUpdates(refTree(weights), refTree(move));
    const estimate = gradientEstimate(optimizer, refTree(next), refTree(gradient));
    const gap = wolfeGap(norm, refTree(gradient), weights);
    const report = {
      dual: estimatorDual(norm, refTree(estimate)),
      fromStep: dualFromStep(estimate, refTree(move), 0.05),
      promised: predictedDescent(gap.ref, {
        method: "conditionalGradient",
        rate: 0.05,
        radius: 1,
        smoothness: 3,
      }),
      gap,
      used: boundUsed(norm, refTree(moved), { constrained: true, start: 1, radius: 1 }),
    };
    const after = grad((p: Params) => loss(p, x))(refTree(moved));
    const observed = smoothness.observe(seen, smoothnessSample(norm, gradient, after, move));
    return { moved, next, observed, report, estimate: smoothness.estimate(refTree(observed)) };
  };
  const native = compile(monitored);
  let [a, b] = [
    { moved: refTree(start), next: optimizer.init(refTree(start)), observed: smoothness.init() },
    { moved: refTree(start), next: optimizer.init(refTree(start)), observed: smoothness.init() },
  ];
  for (let k = 0; k < 3; k++) {
    const x = noise([8, 5], 10 + k);
    const eager = monitored(x.ref, a.moved, a.next, a.observed);
    const compiled = await native(x, b.moved, b.next, b.observed);
    for (const part of ["report", "estimate"] as const)
      for (const [name, value] of Object.entries(eager[part])) {
        const expected = value.item();
        const other = (compiled[part] as Record<string, np.Array>)[name]?.item() ?? Number.NaN;
        // Five Newton-Schulz steps and a difference of gradients amplify rounding.
        expect(Math.abs(other - expected), `${part}.${name}`).toBeLessThan(
          2e-4 * Math.max(1, Math.abs(expected)),
        );
        expect(Number.isFinite(expected)).toBe(true);
      }
    [a, b] = [eager, compiled];
  }
  for (const { moved, next, observed } of [a, b]) disposeTree([moved, next, observed]);
  native.dispose();
  disposeTree(start);
});
