import { numpy as np } from "@jax-js/jax";
import { spec, TrainStep } from "@steepest/onnx";
import { applyUpdates, createOptimizer, type OptimizerState, refTree, type Tree } from "steepest";
import { expect, test } from "vitest";

type Both = { params: Tree; state: OptimizerState };
type Batch = { w: np.Array };

test.each(["adamw", "psgd_kron"])(
  "%s in a native graph leaves out steps that are not finite",
  async (name) => {
    const optimizer = createOptimizer(name, { skipNonFinite: true, learningRate: 0.1 });
    const params = { w: np.ones([2, 2]) };
    const step = TrainStep.create(
      ({ params: weights, state }: Both, gradients: Batch) => {
        const context = { phase: 0, first: false };
        const [updates, next] = optimizer.update(gradients, state, refTree(weights), context);
        return [{ params: applyUpdates(weights, updates), state: next }, {}] as [
          Both,
          Record<string, np.Array>,
        ];
      },
      { state: { params, state: optimizer.init(refTree(params)) }, batch: { w: spec([2, 2]) }, phases: 1 },
    );
    const after = async (...gradient: number[]): Promise<number[]> => {
      await step.run({ w: Float32Array.from(gradient) });
      return Object.values(step.state).flatMap((values) => Array.from(values, Number));
    };
    const before = await after(1, -2, 3, 4);
    expect(step.state["state.skipped"]?.[0]).toBe(0);
    for (const [i, bad] of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].entries()) {
      const here = await after(1, bad, 3, bad);
      expect(step.state["state.skipped"]?.[0]).toBe(i + 1);
      const changed = here.filter((x, at) => !Object.is(x, before[at]));
      expect(changed).toEqual([i + 1]); // the count alone
    }
    // A gradient that is finite moves weights or is left out, but never spoils them.
    expect((await after(1, 3e38, 3, 3e38)).every(Number.isFinite)).toBe(true);
    expect(await after(1, -2, 3, 4)).not.toEqual(before);
    step.dispose();
  },
);
