import { jit, type numpy as np, random, valueAndGrad } from "@jax-js/jax";
import {
  applyUpdates,
  disposeTree,
  globalNorm,
  namedLeaves,
  refTree,
  stateFloats,
  type Tree,
  unflattenLike,
} from "steepest";
import { setThreads } from "steepest/node";
import { toArrays, toHost } from "./arrays.ts";
import { firstNonFinite, type HostTensors } from "./hostTensor.ts";
import type { StepOutcome, TrainingEngine, TrainingJob } from "./trainingEngine.ts";

/**
 * jax-js on WebAssembly. A step is two compiled functions, (loss, gradients) and the update, the latter once
 * for each phase of the optimizer: as fast as one function for both, half the memory for intermediates (jax-js
 * allocates those of a whole function at once), and the optimizer's share can be measured.
 */
export async function startJaxEngine(job: TrainingJob): Promise<TrainingEngine> {
  const { model, optimizer } = job;
  setThreads(job.threads);
  const lossAndGradients = jit((params: Tree, batch: Tree): [np.Array, np.Array, Tree] => {
    const [loss, gradients] = valueAndGrad((p: Tree) => model.loss(p, batch))(params) as [np.Array, Tree];
    return [loss, globalNorm(refTree(gradients)), gradients];
  });
  const lossOf = jit((params: Tree, batch: Tree) => model.loss(params, batch));
  const updates = Array.from({ length: optimizer.period }, (_, phase) =>
    jit((params: Tree, gradients: Tree, state: Tree): [Tree, Tree] => {
      const context = { phase };
      const [update, next] = optimizer.update(
        gradients,
        state as Record<string, Tree>,
        refTree(params),
        context,
      );
      return [applyUpdates(params, update), next];
    }),
  );

  let params: Tree = model.init(random.key(job.seed), {
    initialize: (key, parameter) => optimizer.initialize(key, parameter),
  });
  let state: Tree = optimizer.init(refTree(params));
  if (job.snapshot !== undefined) {
    params = replace("parameter", params, job.snapshot.params);
    state = replace("optimizer state", state, job.snapshot.state);
  }
  await settle(params);
  await settle(state);
  const floats = stateFloats(state);
  const compiled = new Set<number>();
  const spent = { step: 0, update: 0 };

  return {
    name: "jax",
    parameters: model.parameterCount,
    stateFloats: floats,
    async step(batch, step): Promise<StepOutcome> {
      const phase = step % optimizer.period;
      const update = updates[phase];
      if (update === undefined) throw new Error(`internal: no update for phase ${phase}`);
      const started = performance.now();
      const [lossArray, normArray, gradients] = lossAndGradients(refTree(params), toArrays(batch));
      const loss = await scalar(lossArray);
      const gradNorm = await scalar(normArray);
      if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
        const fault = await findFault(params, gradients, loss);
        disposeTree(gradients);
        return { loss, gradNorm, fault };
      }
      const updating = performance.now();
      [params, state] = update(params, gradients, state);
      await settle(params);
      await settle(state);
      if (compiled.size === optimizer.period) {
        spent.update += performance.now() - updating;
        spent.step += performance.now() - started;
      }
      compiled.add(phase);
      return { loss, gradNorm };
    },
    evaluate: (batch) => scalar(lossOf(refTree(params), toArrays(batch))),
    snapshot: async () => ({ params: await toHost(params), state: await toHost(state) }),
    params: () => Promise.resolve(refTree(params)),
    optimizerShare: () => (spent.step === 0 ? 0 : spent.update / spent.step),
    dispose() {
      disposeTree(params);
      disposeTree(state);
      for (const compiledFunction of [lossAndGradients, lossOf, ...updates]) compiledFunction.dispose();
    },
  };
}

/** The value of a scalar. Consumes it, and computes everything that was compiled together with it. */
async function scalar(array: np.Array): Promise<number> {
  const [value] = await array.data();
  if (value === undefined) throw new Error("internal: a loss without a value");
  return value;
}

/** Computes what is still pending, so that no chain of steps builds up. Borrows the tree. */
async function settle(node: Tree): Promise<void> {
  for (const [, leaf] of namedLeaves(node)) await leaf.blockUntilReady();
}

/** Why loss or gradient is not finite, in words. Borrows both trees. */
async function findFault(params: Tree, gradients: Tree, loss: number): Promise<string> {
  const parameter = firstNonFinite(await toHost(params));
  if (parameter !== undefined) {
    return `the loss is ${loss}, because the update before made parameter "${parameter}" not finite`;
  }
  const gradient = firstNonFinite(await toHost(gradients));
  if (gradient === undefined) return `the loss is ${loss}, and the norm of the gradient overflows`;
  return `the loss is ${loss}, and the first gradient that is not finite is that of "${gradient}"`;
}

/** `tree` with its leaves taken from a snapshot. Consumes the tree. Throws where the two do not fit. */
function replace(what: string, tree: Tree, tensors: HostTensors): Tree {
  const leaves = namedLeaves(tree);
  const expected = new Set(leaves.map(([path]) => path));
  try {
    const unknown = Object.keys(tensors).find((path) => !expected.has(path));
    if (unknown !== undefined)
      throw new Error(`the checkpoint has ${what} "${unknown}", which this run does not`);
    for (const [path, leaf] of leaves) {
      const found = tensors[path];
      if (found === undefined) throw new Error(`the checkpoint lacks ${what} "${path}"`);
      if (found.dtype !== leaf.dtype || String(found.shape) !== String(leaf.shape)) {
        throw new Error(
          `${what} "${path}" is ${found.dtype} [${found.shape}] in the checkpoint, ` +
            `but ${leaf.dtype} [${leaf.shape}] in this run`,
        );
      }
    }
    return unflattenLike(tree, toArrays(tensors));
  } finally {
    disposeTree(tree);
  }
}
