import { numpy as np, valueAndGrad } from "@jax-js/jax";
import { type StepResult, TrainStep } from "@steepest/onnx";
import { applyUpdates, disposeTree, mapLeaves, type OptimizerState, refTree, type Tree } from "steepest";
import { globalNorm } from "steepest/transforms";

import { addGradients, averageGradients } from "../accumulate.ts";
import { type Batch, lossOf } from "../batchFunctions.ts";
import type { HostTensors } from "../hostTensor.ts";
import type { StepKnowledge } from "../stepKnowledge.ts";
import type { StepVariants } from "../stepVariants.ts";
import type { TrainingJob } from "../trainingEngine.ts";
import { placeholders, tensorNamed } from "./nativeTensors.ts";
import type { OutsideStart } from "./startOutside.ts";

/** What the native graphs keep between runs. `sum` holds gradients of the parts of a batch, and nothing without parts. */
export type Kept = { params: Tree; state: OptimizerState; sum: Tree };
type Reported = { loss: np.Array; gradNorm: np.Array };
export type Trainer = TrainStep<Kept, Batch, Reported>;

/** Loss and gradients of the model of a job. Consumes both arguments. */
export function lossAndGradients({ model }: TrainingJob): (params: Tree, batch: Batch) => [np.Array, Tree] {
  const trainingLoss = lossOf(model);
  return (params, batch) => valueAndGrad((p: Tree) => trainingLoss(p, batch))(params) as [np.Array, Tree];
}

/**
 * The graphs of a training step: one for each computation of the optimizer, which ends a step, and before these,
 * where a batch comes in parts, one that puts the first part's gradients down and one that adds those of another.
 * `part` is a part of a batch, for its shapes. Consumes the trees of `start`.
 */
export function onnxTrainer(
  job: TrainingJob,
  { contexts }: StepVariants,
  { params, state, write }: OutsideStart,
  part: HostTensors,
  knowledge: StepKnowledge | undefined,
): Trainer {
  const { optimizer, threads, accumulate = 1 } = job;
  const gradientsOf = lossAndGradients(job);
  const zeros = mapLeaves((leaf: np.Array) => {
    const { shape } = leaf;
    leaf.dispose();
    return np.zeros(shape);
  }, refTree(params));
  if (accumulate === 1) disposeTree(zeros);
  const kept: Kept = { params, state, sum: accumulate === 1 ? {} : zeros };
  const trainer = TrainStep.create(
    ({ params: weights, state: before, sum }: Kept, inputs: Batch, phase): StepResult<Kept, Reported> => {
      const { plain, random } = knowledge?.split(inputs) ?? { plain: inputs, random: undefined };
      const [loss, gradients] = gradientsOf(refTree(weights), knowledge ? refTree(plain) : plain);
      const context = contexts[phase];
      if (context === undefined) {
        const first = phase === firstPart(contexts.length);
        if (first) disposeTree(sum);
        const next = first ? gradients : addGradients(sum, gradients);
        return [
          { params: weights, state: before, sum: next },
          { loss, gradNorm: np.array(0) },
        ];
      }
      const mean =
        accumulate === 1 ? gradients : averageGradients(addGradients(refTree(sum), gradients), accumulate);
      const gradNorm = globalNorm(refTree(mean));
      const known = knowledge?.extend(context, weights, plain, random);
      const complete: Tree = { gradients: refTree(mean), known: known?.arrays() ?? {} };
      const [updates, after] = optimizer.update(mean, before, refTree(weights), known?.context ?? context);
      known?.release();
      if (knowledge !== undefined) disposeTree(inputs);
      return [{ params: applyUpdates(weights, updates), state: after, sum }, { loss, gradNorm }, complete];
    },
    {
      state: kept,
      batch: placeholders(knowledge?.withRandom(part, 0) ?? part),
      phases: contexts.length + (accumulate === 1 ? 0 : 2),
      threads,
    },
  ) as Trainer;
  write((half, path, data, from) => tensorNamed(trainer.state, below(half, path)).set(data, from));
  return trainer;
}

/** The phase of the first part of a batch, after those of the optimizer; the next phase is that of the others. */
export const firstPart = (contexts: number): number => contexts;

/** The path of a leaf inside one part of a tree. A part that is itself a leaf has the empty path. */
export const below = (part: string, path: string): string => (path === "" ? part : `${part}.${path}`);
