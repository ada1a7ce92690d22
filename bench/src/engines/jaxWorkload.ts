import { jit, type numpy as np, valueAndGrad } from "@jax-js/jax";
import { toArrays } from "@steepest/lab/engine";
import { applyUpdates, disposeTree, namedLeaves, refTree, type Tree } from "steepest";
import { maxThreads, setThreads } from "steepest/node";

import { benchBatch, benchModel } from "./benchConfig.ts";
import { benchStart, normOf, type StartWorkload, type Workload } from "./workload.ts";

/** jax-js on WebAssembly with worker threads on all cores; two compiled functions, as the engine of `train` has. */
export const startJaxWorkload: StartWorkload = async (config, work): Promise<Workload> => {
  setThreads(maxThreads);
  const model = benchModel(config);
  const start = benchStart(config);
  const { optimizer } = start;
  let { params, state }: { params: Tree; state: Tree } = start;
  const shape = [config.batch, config.context];
  const { tokens, targets } = benchBatch(config);
  const batch: Tree = toArrays({
    tokens: { dtype: "int32", shape, data: tokens },
    targets: { dtype: "int32", shape, data: targets },
  });
  const lossAndGradients = jit(
    (weights: Tree, inputs: Tree) =>
      valueAndGrad((p: Tree) => model.loss(p, inputs as { tokens: np.Array; targets: np.Array }))(
        weights,
      ) as [np.Array, Tree],
  );
  const update = jit((weights: Tree, gradients: Tree, before: Tree): [Tree, Tree] => {
    const context = { phase: 0, first: false };
    const [updates, after] = optimizer.update(
      gradients,
      before as Record<string, Tree>,
      refTree(weights),
      context,
    );
    return [applyUpdates(weights, updates), after];
  });
  let gradients: Tree = {};
  return {
    async run() {
      disposeTree(gradients);
      gradients = {};
      const [loss, fresh] = lossAndGradients(refTree(params), refTree(batch));
      const [value = Number.NaN] = await loss.data();
      if (work === "train-step") {
        [params, state] = update(params, fresh, state);
        await settle(params);
        await settle(state);
      } else {
        await settle(fresh);
        gradients = fresh;
      }
      return value;
    },
    ...(work === "value-and-grad" && {
      gradNorm: () => normOf(namedLeaves(gradients).map(([, leaf]) => leaf.ref.dataSync())),
    }),
    dispose() {
      for (const tree of [params, state, batch, gradients]) disposeTree(tree);
      lossAndGradients.dispose();
      update.dispose();
    },
  };
};

async function settle(node: Tree): Promise<void> {
  for (const [, leaf] of namedLeaves(node)) await leaf.blockUntilReady();
}
