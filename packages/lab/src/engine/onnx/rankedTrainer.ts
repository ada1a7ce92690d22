import type { numpy as np } from "@jax-js/jax";
import { type StepResult, TrainStep } from "@steepest/onnx";
import { type Arrays, applyUpdates, namedLeaves, refTree, type Tree, unflattenLike } from "steepest";

import type { Batch } from "../batchFunctions.ts";
import type { HostTensor } from "../hostTensor.ts";
import { tracedLayers } from "../ranks/layerNumbers.ts";
import { ownedTree } from "../ranks/ownedTree.ts";
import type { SharedJob } from "../ranks/sharedJob.ts";
import type { StepVariants } from "../stepVariants.ts";
import type { TrainingJob } from "../trainingEngine.ts";
import { placeholders, tensorNamed } from "./nativeTensors.ts";
import { below, type Kept, type Trainer } from "./onnxTrainer.ts";
import type { OutsideStart } from "./startOutside.ts";

/** Numbers of all layers among a batch of gradients, and those of this rank among what is reported. */
export const LAYERS = "(layers)";

/**
 * The graphs of an update whose gradients come from outside: its batch is the mean gradient of each parameter that `owns` names, by
 * path. The other parameters stay as they are, and their state is not there. Methods with a sum over all `layers` report the
 * numbers of their own under `LAYERS`, and the rest of the graph reads those of all from the batch's. Consumes the trees of `start`.
 */
export function rankedTrainer(
  { optimizer, threads, model }: TrainingJob,
  { contexts }: StepVariants,
  { params, state, write }: OutsideStart,
  { owns, layers }: Pick<SharedJob, "owns" | "layers">,
): Trainer {
  const own = model.parameters.filter(({ path }) => owns(path));
  const kept: Kept = { params, state, sum: {} };
  const trainer = TrainStep.create(
    ({ params: weights, state: before, sum }: Kept, gradients: Batch, phase): StepResult<Kept, Arrays> => {
      const context = contexts[phase];
      if (context === undefined) throw new Error(`internal: no computation for phase ${phase}`);
      if (own.length === 0) {
        gradients[LAYERS]?.dispose();
        return [{ params: weights, state: before, sum }, {}, {}];
      }
      const owned = ownedTree(refTree(weights), owns);
      const mine = namedLeaves(owned).map(([path, leaf]): [string, np.Array] => [
        path,
        gradients[path] ?? leaf.ref, // of another rank: without entries
      ]);
      const mean = unflattenLike(owned, Object.fromEntries(mine));
      const given = gradients[LAYERS];
      const across = given === undefined ? undefined : tracedLayers(layers, given);
      const known = across === undefined ? context : { ...context, allLayers: across.allLayers };
      const [updates, after] = optimizer.update(mean, before, refTree(owned), known);
      const next = { params: replaced(weights, applyUpdates(owned, updates), owns), state: after, sum };
      const { numbers, waiting = {} } = across?.found() ?? {};
      return [next, numbers === undefined ? {} : { [LAYERS]: numbers }, waiting];
    },
    {
      state: kept,
      batch: placeholders(
        Object.fromEntries([
          ...own.map(({ path, shape }) => [path, room(shape)] as const),
          ...(layers.length === 0 ? [] : [[LAYERS, room([layers.length])] as const]),
        ]),
      ),
      phases: contexts.length,
      threads,
    },
  ) as unknown as Trainer;
  write((half, path, data, from) => tensorNamed(trainer.state, below(half, path)).set(data, from));
  return trainer;
}

/** All weights, those that `owns` names taken from `moved`. Consumes both. */
function replaced(weights: Tree, moved: Tree, owns: (path: string) => boolean): Tree {
  const fresh: Arrays = Object.fromEntries(namedLeaves(moved));
  const leaves = namedLeaves(weights).map(([path, leaf]): [string, np.Array] => {
    const next = fresh[path];
    const [taken, left] = owns(path) && next !== undefined ? [next, leaf] : [leaf, next];
    left?.dispose();
    return [path, taken];
  });
  return unflattenLike(weights, Object.fromEntries(leaves));
}

const room = (shape: readonly number[]): HostTensor => ({
  dtype: "float32",
  shape,
  data: new Float32Array(),
});
