import { numpy as np } from "@jax-js/jax";
import { disposeTree, namedLeaves, refTree, stateFloats, type Tree } from "steepest";

import type { TrainingJob } from "../trainingEngine.ts";
import type { StateLeafSpec } from "./gatherState.ts";
import { type Ownership, ownership } from "./ownership.ts";
import type { RankJob } from "./rankJob.ts";

/** What every rank knows of a job that several do together. */
export interface SharedJob extends RankJob, Ownership {
  /** The state of the whole optimizer, in its order. */
  readonly state: readonly StateLeafSpec[];
  readonly stateFloats: number;
  /** Whether this rank updates a parameter. */
  owns(path: string): boolean;
}

/** Who does what; undefined for a job of one process. Zeros stand for the parameters and take no memory. */
export function sharedJob({ model, optimizer, ranks }: TrainingJob): SharedJob | undefined {
  if (ranks === undefined) return undefined;
  const { rank, size } = ranks.collectives;
  const params: Tree = Object.fromEntries(
    model.parameters.map(({ path, shape }) => [path, np.zeros([...shape])]),
  );
  const shares = ownership(optimizer, params, size);
  const state = optimizer.init(refTree(params));
  disposeTree(params);
  const floats = stateFloats(state);
  const specs = namedLeaves(state).map(([path, { shape, dtype }]) => ({ path, shape: [...shape], dtype }));
  disposeTree(state);
  return {
    ...ranks,
    ...shares,
    state: specs,
    stateFloats: floats,
    owns: (path) => shares.updates(rank, path),
  };
}
