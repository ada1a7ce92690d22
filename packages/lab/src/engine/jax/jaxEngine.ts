import { jit, type numpy as np, valueAndGrad } from "@jax-js/jax";
import { applyUpdates, disposeTree, namedLeaves, refTree, stateFloats, type Tree } from "steepest";
import { setThreads } from "steepest/node";
import { globalNorm } from "steepest/transforms";
import { addGradients, averageGradients, averageLoss, microBatches } from "../accumulate.ts";
import { toArrays, toHost } from "../arrays.ts";
import { type Batch, evaluationOf, lossOf, statisticsOf } from "../batchFunctions.ts";
import { faultOf } from "../fault.ts";
import type { HostTensors } from "../hostTensor.ts";
import { startingTrees } from "../startingTrees.ts";
import { stepKnowledge } from "../stepKnowledge.ts";
import { stepVariants } from "../stepVariants.ts";
import type { StepOutcome, TrainingEngine, TrainingJob } from "../trainingEngine.ts";

/**
 * jax-js on WebAssembly. A step is two compiled functions, (loss, gradients) and the update, the latter once
 * for each of the optimizer's computations: as fast as one function for both, less memory (jax-js allocates the
 * intermediates of a whole function at once), and the optimizer's share can be measured.
 */
export async function startJaxEngine(job: TrainingJob): Promise<TrainingEngine> {
  const { model, optimizer } = job;
  setThreads(job.threads);
  const lossAndGradients = jit((params: Tree, batch: Batch): [np.Array, np.Array, Tree] => {
    const trainingLoss = lossOf(model);
    const [loss, gradients] = valueAndGrad((p: Tree) => trainingLoss(p, batch))(params) as [np.Array, Tree];
    return [loss, globalNorm(refTree(gradients)), gradients];
  });
  const accumulate = job.accumulate ?? 1;
  const add = jit(addGradients);
  const meanOf = jit((sum: Tree): [np.Array, Tree] => {
    const mean = averageGradients(sum, accumulate);
    return [globalNorm(refTree(mean)), mean];
  });
  const evaluation = jit(evaluationOf(model, job.testTime));
  const find = statisticsOf(model);
  const statistics = find && jit(find);
  const variants = stepVariants(optimizer);
  const knowledge = stepKnowledge(job);
  const updates = variants.contexts.map((context) =>
    jit((params: Tree, gradients: Tree, state: Tree, batch: Batch): [Tree, Tree] => {
      const { plain, random } = knowledge?.split(batch) ?? { plain: batch, random: undefined };
      const known = knowledge?.extend(context, params, plain, random);
      const [update, next] = optimizer.update(
        gradients,
        state as Record<string, Tree>,
        refTree(params),
        known?.context ?? context,
      );
      known?.release();
      disposeTree(batch);
      return [applyUpdates(params, update), next];
    }),
  );

  let { params, state }: { params: Tree; state: Tree } = startingTrees(job);
  await settle(params);
  await settle(state);
  const floats = stateFloats(state);
  const compiled = new Set<number>();
  const spent = { step: 0, update: 0 };

  /** Loss and gradients over the parts of a batch. */
  async function gradientsOf(parts: readonly HostTensors[]) {
    let [loss, gradNorm] = [0, 0];
    let gradients: Tree | undefined;
    for (const part of parts) {
      const [lossArray, normArray, found] = lossAndGradients(refTree(params), toArrays(part));
      loss += (await scalar(lossArray)) / parts.length;
      gradNorm = await scalar(normArray);
      gradients = gradients === undefined ? found : add(gradients, found);
    }
    if (gradients === undefined) throw new Error("internal: a step without a batch");
    if (parts.length === 1) return { loss, gradNorm, gradients };
    const [norm, mean] = meanOf(gradients);
    return { loss, gradNorm: await scalar(norm), gradients: mean };
  }

  const snapshot = async () => ({ params: await toHost(params), state: await toHost(state) });

  return {
    name: "jax",
    inForce: "jax engine",
    parameters: model.parameterCount,
    stateFloats: floats,
    async step(batch, step): Promise<StepOutcome> {
      const variant = variants.of(step);
      const update = updates[variant];
      if (update === undefined) throw new Error(`internal: no update for step ${step}`);
      const compiles = !compiled.has(variant);
      const started = performance.now();
      const { loss, gradNorm, gradients } = await gradientsOf(microBatches(batch, accumulate));
      if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
        const fault = await faultOf(loss, await toHost(params), [() => toHost(gradients)]);
        disposeTree(gradients);
        return { loss, gradNorm, ms: performance.now() - started, compiled: compiles, fault };
      }
      const updating = performance.now();
      const fed = knowledge === undefined ? {} : toArrays(knowledge.withRandom(batch, step));
      [params, state] = update(params, gradients, state, fed);
      await settle(params);
      await settle(state);
      const done = performance.now();
      if (!compiles) {
        spent.update += done - updating;
        spent.step += done - started;
      }
      compiled.add(variant);
      return { loss, gradNorm, ms: done - started, compiled: compiles };
    },
    async evaluate(batch) {
      const score = (part: HostTensors): { loss: np.Array; accuracy?: np.Array } =>
        evaluation(refTree(params), toArrays(part));
      if (model.kind === "image") {
        const { loss, accuracy } = score(batch);
        return { loss: await scalar(loss), ...(accuracy && { accuracy: await scalar(accuracy) }) };
      }
      return { loss: await averageLoss(microBatches(batch, accumulate), (part) => scalar(score(part).loss)) };
    },
    async statistics(batch) {
      if (statistics === undefined) return {};
      const found = statistics(refTree(params), toArrays(batch));
      const host = await toHost(found);
      disposeTree(found);
      return host;
    },
    async gradients(batch) {
      const [lossArray, normArray, found] = lossAndGradients(refTree(params), toArrays(batch));
      normArray.dispose();
      const loss = await scalar(lossArray);
      const gradients = await toHost(found);
      disposeTree(found);
      return { loss, gradients };
    },
    snapshot,
    view: snapshot,
    params: () => Promise.resolve(refTree(params)),
    optimizerShare: () => Promise.resolve(spent.step === 0 ? 0 : spent.update / spent.step),
    dispose() {
      disposeTree(params);
      disposeTree(state);
      for (const compiledFunction of [lossAndGradients, evaluation, add, meanOf, ...updates])
        compiledFunction.dispose();
      statistics?.dispose();
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
