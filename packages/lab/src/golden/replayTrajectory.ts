import { numpy as np } from "@jax-js/jax";
import { type Arrays, applyUpdates, createOptimizer, disposeTree, refTree } from "steepest";

import type { Trajectory } from "./goldenFile.ts";
import { largestDifference, type ReplayOutcome } from "./outcome.ts";
import { startState } from "./startState.ts";
import { translate } from "./translate.ts";

/** One optimizer step after the other, each compared with the weights on record. */
export async function replayTrajectory(golden: Trajectory, file: string): Promise<ReplayOutcome> {
  const { optimizer: name, options } = translate(golden);
  const optimizer = createOptimizer(name, options);
  const { params } = golden;
  const arrays = (values: readonly (readonly number[])[]): Arrays =>
    Object.fromEntries(
      params.map(({ name: path, shape }, i) => [
        path,
        np.array(Float32Array.from(values[i] ?? [])).reshape(shape),
      ]),
    );

  let weights = arrays(params.map(({ init }) => init));
  let state = startState(golden, optimizer.init(refTree(weights)));
  let maxAbsError = 0;
  let firstOutside: string | undefined;
  for (const [step, gradients] of golden.grads.entries()) {
    const [updates, next] = optimizer.update(arrays(gradients), state, refTree(weights));
    state = next;
    weights = applyUpdates(weights, updates);
    for (const [i, { name: path }] of params.entries()) {
      const actual = await weights[path]?.ref.data();
      const error = largestDifference(actual ?? [], golden.expected[step]?.[i] ?? []);
      maxAbsError = Math.max(maxAbsError, error);
      if (error > golden.tolerance.abs) firstOutside ??= `step ${step}, ${path}`;
    }
  }
  disposeTree(weights);
  disposeTree(state);
  return {
    file,
    optimizer: name,
    maxAbsError,
    tolerance: golden.tolerance.abs,
    ok: firstOutside === undefined,
    ...(firstOutside === undefined ? {} : { firstOutside }),
  };
}
