import { disposeTree, namedLeaves, stateFloats, type Tree, unflattenLike } from "steepest";
import type { Collectives } from "../../collectives/collectives.ts";
import { averageLoss, microBatches } from "../accumulate.ts";
import { toArrays } from "../arrays.ts";
import { faultOf } from "../fault.ts";
import type { HostTensor, HostTensors } from "../hostTensor.ts";
import { gatherState } from "../ranks/gatherState.ts";
import { sharedJob } from "../ranks/sharedJob.ts";
import { stepKnowledge } from "../stepKnowledge.ts";
import { stepVariants } from "../stepVariants.ts";
import type { Snapshot, StepOutcome, TrainingEngine, TrainingJob } from "../trainingEngine.ts";
import { looksOf } from "./looks.ts";
import { batchElements, copied, copyOf, hostTensorOf, scalarNamed, tensorNamed } from "./nativeTensors.ts";
import { below, firstPart, onnxTrainer, type Trainer } from "./onnxTrainer.ts";
import { rankedStep } from "./rankedStep.ts";
import { rankedTrainer } from "./rankedTrainer.ts";
import { type OutsideStart, startingValues, startOutside } from "./startOutside.ts";

/**
 * ONNX Runtime. A step is two graphs, loss and gradients, and the update, for each of the optimizer's
 * computations; parameters and state stay in shared memory, where the second graph overwrites them, so that no step
 * copies them, and a step whose loss is not finite is never made. Smaller graphs look without moving anything, at the
 * parameters where they are: the loss alone for validations, and the gradients to find a fault. All steps have batches of one shape, that of the job's
 * example; validations may have batches of several shapes, with a graph for each. A batch may be computed in parts
 * (`accumulate`): the gradients of all but the last are kept beside the parameters.
 */
export async function startOnnxEngine(job: TrainingJob): Promise<TrainingEngine> {
  const { model, optimizer, accumulate = 1 } = job;
  const variants = stepVariants(optimizer);
  const shared = sharedJob(job);
  let start: OutsideStart | undefined = startOutside(job, shared?.owns);
  const ownFloats = stateFloats(start.state);
  const floats = shared?.stateFloats ?? ownFloats;
  const stateOfRanks = shared?.collectives.allGather([ownFloats]).map(([count = 0]) => count);
  const shapesOf = (node: Tree) =>
    namedLeaves(node).map(([path, { shape }]) => ({ path, shape: [...shape] }));
  const leaves = { params: shapesOf(start.params), state: shapesOf(start.state) };

  const knowledge = stepKnowledge(job);
  /** The parts that are computed one after the other. What is only scored may have any size. */
  const partsOf = (batch: HostTensors): HostTensors[] => microBatches(batch, accumulate);
  let training: Trainer | undefined;
  const trainer = (batch: HostTensors): Trainer => {
    if (training !== undefined) return training;
    if (start === undefined) throw new Error("internal: the parameters are gone");
    const [part = batch] = partsOf(job.example ?? batch);
    training =
      shared === undefined
        ? onnxTrainer(job, variants, start, part, knowledge)
        : rankedTrainer(job, variants, start, shared);
    start = undefined;
    return training;
  };

  const looks = looksOf(job, trainer);
  const lookAt = looks.at;

  const compiled = new Set<number>();
  const spent = { step: 0, update: 0 };

  /** The parameters as they are, as arrays of the caller's. */
  async function currentParams(): Promise<Tree> {
    if (start !== undefined)
      return unflattenLike(start.params, toArrays(await startingValues(start, "params")));
    if (training === undefined) throw new Error("internal: neither started nor training");
    const { params, state, sum } = training.getState();
    disposeTree(state);
    disposeTree(sum);
    return params;
  }

  /** The memory of the graphs itself, which the next step changes. */
  async function live(half: "params" | "state"): Promise<HostTensors> {
    if (start !== undefined) return startingValues(start, half);
    const memory = training?.state ?? {};
    return Object.fromEntries(
      leaves[half].map(({ path, shape }) => [
        path,
        hostTensorOf(path, shape, tensorNamed(memory, below(half, path))),
      ]),
    );
  }

  /** The gradients of a part of a batch, at the parameters as they are. */
  async function gradientsOn(part: HostTensors): Promise<{ loss: number; gradients: HostTensors }> {
    const found = await lookAt(part, "gradients");
    const gradients = leaves.params.map(({ path, shape }): [string, HostTensor] => [
      path,
      hostTensorOf(path, shape, tensorNamed(found, below("gradients", path))),
    ]);
    return { loss: scalarNamed(found, "loss"), gradients: Object.fromEntries(gradients) };
  }

  /** Parameters, and the whole state where this is the only rank or the first. */
  async function whole(take: (tensors: HostTensors) => HostTensors): Promise<Snapshot> {
    const state = take(await live("state"));
    return {
      params: take(await live("params")),
      state: shared === undefined ? state : gatherState(shared.collectives, shared.state, state),
    };
  }

  return {
    name: "onnx",
    inForce:
      "onnx engine, updates as fused loops where there are no matrix products" +
      (shared === undefined ? "" : `, ${describeRanks(shared.collectives)}`),
    ...(stateOfRanks !== undefined && { stateOfRanks }),
    parameters: model.parameterCount,
    stateFloats: floats,
    async step(batch, step): Promise<StepOutcome> {
      const train = trainer(batch);
      const variant = variants.of(step);
      const parts = partsOf(batch);
      const fedTo = (part: HostTensors): HostTensors => knowledge?.withRandom(part, step) ?? part;
      train.prepare(variant);
      const started = performance.now();
      if (shared !== undefined) {
        const paths = leaves.params.map(({ path }) => path);
        const look = (part: HostTensors) => lookAt(part, "gradients");
        const outcome = await rankedStep(shared, { train, variant, parts, paths, look });
        const { loss, gradNorm, broken, decided } = outcome;
        const done = performance.now();
        const compiles = !compiled.has(variant);
        compiled.add(variant);
        spent.update += done - decided;
        spent.step += done - started;
        const known = { loss, gradNorm, ms: done - started, compiled: compiles };
        if (Number.isFinite(loss) && Number.isFinite(gradNorm)) return known;
        return { ...known, fault: await faultOf(loss, await live("params"), { first: broken }) };
      }
      let [loss, gradNorm, decided] = [0, 0, started];
      for (const [i, part] of parts.entries()) {
        const ends = i === parts.length - 1;
        train.steps = ends ? variant : firstPart(variants.contexts.length) + Math.min(i, 1);
        await train.run(batchElements(fedTo(part)), (reported) => {
          loss += scalarNamed(reported, "loss") / parts.length;
          gradNorm = scalarNamed(reported, "gradNorm");
          decided = performance.now();
          return !ends || (Number.isFinite(loss) && Number.isFinite(gradNorm));
        });
      }
      const done = performance.now();
      const ms = done - started;
      const compiles = !compiled.has(variant);
      compiled.add(variant);
      if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
        const gradients = parts.map((part) => async () => (await gradientsOn(part)).gradients);
        const fault = await faultOf(loss, await live("params"), gradients);
        return { loss, gradNorm, ms, compiled: compiles, fault };
      }
      spent.update += done - decided;
      spent.step += ms;
      return { loss, gradNorm, ms, compiled: compiles };
    },
    async evaluate(batch) {
      trainer(batch); // its parts are those of this batch, where there was no other before
      if (model.kind === "image") {
        const found = await lookAt(batch, "evaluation");
        return { loss: scalarNamed(found, "loss"), accuracy: scalarNamed(found, "accuracy") };
      }
      const loss = await averageLoss(partsOf(batch), async (part) =>
        scalarNamed(await lookAt(part, "evaluation"), "loss"),
      );
      return { loss };
    },
    async statistics(batch) {
      if (!looks.hasStatistics) return {};
      const found = Object.entries(await lookAt(batch, "statistics"));
      return Object.fromEntries(
        found.map(([name, data]) => [name, copyOf(hostTensorOf(name, [data.length], data))]),
      );
    },
    async gradients(batch) {
      trainer(batch); // its parts are those of the job's example, or of this batch
      const { loss, gradients } = await gradientsOn(batch);
      return { loss, gradients: copied(gradients) }; // the next look overwrites them
    },
    snapshot: () => whole(copied),
    view: () => whole((tensors) => tensors),
    params: currentParams,
    optimizerShare: () => Promise.resolve(spent.step === 0 ? 0 : spent.update / spent.step),
    dispose() {
      looks.dispose();
      training?.dispose();
      if (start === undefined) return;
      disposeTree(start.params);
      disposeTree(start.state);
    },
  };
}

const describeRanks = ({ size, library }: Collectives): string =>
  size === 1 ? "1 rank" : `${size} ranks over ${library}`;
