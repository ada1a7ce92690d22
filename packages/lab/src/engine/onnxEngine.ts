import { type numpy as np, valueAndGrad } from "@jax-js/jax";
import { type NamedTensors, TrainStep } from "@steepest/onnx";
import {
  applyUpdates,
  disposeTree,
  globalNorm,
  namedLeaves,
  type OptimizerState,
  refTree,
  stateFloats,
  type Tree,
} from "steepest";

import { toHost } from "./arrays.ts";
import { type Batch, evaluationOf, lossOf, statisticsOf } from "./batchFunctions.ts";
import { firstNonFinite, type HostTensors } from "./hostTensor.ts";
import { batchElements, copyTensor, placeholders, scalarNamed, tensorNamed } from "./nativeTensors.ts";
import { startingTrees } from "./startingTrees.ts";
import { stepVariants } from "./stepVariants.ts";
import type { StepOutcome, TrainingEngine, TrainingJob } from "./trainingEngine.ts";

type Both = { params: Tree; state: OptimizerState };
type Trainer = TrainStep<Both, Batch, { loss: np.Array; gradNorm: np.Array }>;
type Looker = TrainStep<Both, Batch, Record<string, Tree>>;

/** What a graph that only looks reports. */
type Look = "evaluation" | "statistics" | "gradient norm" | "gradients";

/**
 * ONNX Runtime. Loss, gradients and update are one graph, one for each of the optimizer's computations; the
 * parameters and the state stay in shared memory, and no step copies them. Smaller graphs look without moving
 * anything, at the parameters where they are: the loss alone for validations, and loss and gradient alone, which
 * tells by its time what share of a step the optimizer takes. All steps have batches of one shape, that of the job's
 * example; validations may have batches of several shapes, with a graph for each.
 */
export async function startOnnxEngine(job: TrainingJob): Promise<TrainingEngine> {
  const { model, optimizer, threads } = job;
  const variants = stepVariants(optimizer);
  let start: Both | undefined = startingTrees(job);
  const floats = stateFloats(start.state);
  const shapesOf = (node: Tree) =>
    namedLeaves(node).map(([path, { shape }]) => ({ path, shape: [...shape] }));
  const leaves = { params: shapesOf(start.params), state: shapesOf(start.state) };

  const trainingLoss = lossOf(model);
  const evaluation = evaluationOf(model, job.testTime);
  const statistics = statisticsOf(model);
  const lossAndGradients = (params: Tree, batch: Batch): [np.Array, Tree] =>
    valueAndGrad((p: Tree) => trainingLoss(p, batch))(params) as [np.Array, Tree];
  let training: Trainer | undefined;
  const trainer = (batch: HostTensors): Trainer => {
    if (training !== undefined) return training;
    if (start === undefined) throw new Error("internal: the parameters are gone");
    training = TrainStep.create(
      ({ params, state }: Both, inputs: Batch, variant) => {
        const [loss, gradients] = lossAndGradients(refTree(params), inputs);
        const gradNorm = globalNorm(refTree(gradients));
        const context = variants.contexts[variant];
        const [updates, next] = optimizer.update(gradients, state, refTree(params), context);
        return [
          { params: applyUpdates(params, updates), state: next },
          { loss, gradNorm },
        ];
      },
      { state: start, batch: placeholders(job.example ?? batch), phases: variants.contexts.length, threads },
    ) as Trainer;
    start = undefined;
    return training;
  };

  const lookers = new Map<string, Looker>();
  const looker = (batch: HostTensors, look: Look): Looker => {
    const key = `${look} ${Object.values(batch).map(({ shape }) => `[${shape}]`)}`;
    const known = lookers.get(key);
    if (known !== undefined) return known;
    const fresh = trainer(batch).derive(
      ({ params, state }: Both, inputs: Batch): Record<string, Tree> => {
        disposeTree(state);
        if (look === "evaluation") return evaluation(params, inputs);
        if (look === "statistics") return statistics?.(params, inputs) ?? {};
        const [loss, gradients] = lossAndGradients(params, inputs);
        if (look === "gradient norm") return { loss, gradNorm: globalNorm(gradients) };
        loss.dispose();
        return { gradients };
      },
      { batch: placeholders(batch), threads },
    ) as Looker;
    lookers.set(key, fresh);
    return fresh;
  };
  const lookAt = (batch: HostTensors, look: Look): Promise<NamedTensors> =>
    looker(batch, look).run(batchElements(batch));

  const compiled = new Set<number>();
  let last: HostTensors | undefined;
  /** Times whole steps, which are taken back, and gradients alone in turns, so that a busy machine slows both. */
  const measureShare = async (train: Trainer, batch: HostTensors): Promise<number> => {
    await lookAt(batch, "gradient norm"); // compiles
    const [steps, gradients]: [number[], number[]] = [[], []];
    const begin = performance.now();
    while (steps.length < 3 || (steps.length < 15 && performance.now() - begin < 2000)) {
      steps.push(
        await timed(async () => {
          await train.run(batchElements(batch));
          train.undo();
        }),
      );
      gradients.push(await timed(() => lookAt(batch, "gradient norm")));
    }
    return Math.max(0, 1 - Math.min(...gradients) / Math.min(...steps));
  };

  /** The parameters as they are, as arrays of the caller's. */
  function currentParams(): Tree {
    if (start !== undefined) return refTree(start.params);
    if (training === undefined) throw new Error("internal: neither started nor training");
    const { params, state } = training.getState();
    disposeTree(state);
    return params;
  }

  async function copyOf(half: "params" | "state"): Promise<HostTensors> {
    if (start !== undefined) return toHost(start[half]);
    const live = training?.state ?? {};
    return Object.fromEntries(
      leaves[half].map(({ path, shape }) => [
        path,
        copyTensor(path, shape, tensorNamed(live, below(half, path))),
      ]),
    );
  }

  /** Why loss or gradient is not finite, in words; the parameters are those before the step. */
  async function findFault(loss: number, batch: HostTensors): Promise<string> {
    const parameter = firstNonFinite(await copyOf("params"));
    if (parameter !== undefined) {
      return `the loss is ${loss}, because the update before made parameter "${parameter}" not finite`;
    }
    const gradients = await lookAt(batch, "gradients");
    const finite = (path: string): boolean =>
      tensorNamed(gradients, below("gradients", path)).every((value: number) => Number.isFinite(value));
    const first = leaves.params.find(({ path }) => !finite(path));
    if (first === undefined) return `the loss is ${loss}, and the norm of the gradient overflows`;
    return `the loss is ${loss}, and the first gradient that is not finite is that of "${first.path}"`;
  }

  return {
    name: "onnx",
    parameters: model.parameterCount,
    stateFloats: floats,
    async step(batch, step): Promise<StepOutcome> {
      const train = trainer(batch);
      const variant = variants.of(step);
      train.steps = variant;
      const started = performance.now();
      const reported = await train.run(batchElements(batch));
      const ms = performance.now() - started;
      const compiles = !compiled.has(variant);
      compiled.add(variant);
      const [loss, gradNorm] = [scalarNamed(reported, "loss"), scalarNamed(reported, "gradNorm")];
      if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
        train.undo();
        return { loss, gradNorm, ms, compiled: compiles, fault: await findFault(loss, batch) };
      }
      last = batch;
      return { loss, gradNorm, ms, compiled: compiles };
    },
    async evaluate(batch) {
      const found = await lookAt(batch, "evaluation");
      const loss = scalarNamed(found, "loss");
      return model.kind === "image" ? { loss, accuracy: scalarNamed(found, "accuracy") } : { loss };
    },
    async statistics(batch) {
      if (statistics === undefined) return {};
      const found = Object.entries(await lookAt(batch, "statistics"));
      return Object.fromEntries(found.map(([name, data]) => [name, copyTensor(name, [data.length], data)]));
    },
    snapshot: async () => ({ params: await copyOf("params"), state: await copyOf("state") }),
    params: () => Promise.resolve(currentParams()),
    optimizerShare: async () => (training && last ? await measureShare(training, last) : 0),
    dispose() {
      for (const derived of lookers.values()) derived.dispose();
      training?.dispose();
      if (start !== undefined) disposeTree(start);
    },
  };
}

/** The path of a leaf inside one part of a tree. A part that is itself a leaf has the empty path. */
const below = (part: string, path: string): string => (path === "" ? part : `${part}.${path}`);

/** Milliseconds that threads of the runtime go on spinning after a run, in the way of another graph's. */
const SPIN_MS = 40;

/** The time of some work on a machine at rest. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SPIN_MS));
  const started = performance.now();
  await work();
  return performance.now() - started;
}
