import { numpy as np, random } from "@jax-js/jax";
import {
  type Arrays,
  disposeTree,
  mapLeaves,
  type OptimizerState,
  type Parameter,
  refTree,
  type Tree,
  unflattenLike,
} from "steepest";
import { gradientEstimate } from "steepest/monitors";

import { watchedLayers } from "../plan/watch/watchedLayers.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import { type LayerOfRun, layerOfRun } from "./layerOfRun.ts";

/** A run as diagnostics need it. */
export interface RunToWatch extends Pick<PreparedRun, "plan" | "model" | "optimizer"> {
  readonly layers: readonly LayerOfRun[];
  readonly threads: number;
  /** The estimator of a state and gradients as they are by path. Owns both; can be traced. Throws where there is none. */
  estimate(state: Arrays, gradients: Arrays): Tree;
  /** Whether the method keeps an average, so that its estimator is something else than the gradient. */
  readonly averages: boolean;
  /** Parameters by path in the structure of the model. Moves them. */
  nest(params: Arrays): Tree;
  dispose(): void;
}

/** Looks at the structure of a run's state; numbers are not needed. */
export function runToWatch({ plan, model, optimizer }: PreparedRun, threads: number): RunToWatch {
  const initialize = (key: np.Array, { shape }: Parameter): np.Array => {
    key.dispose();
    return np.zeros([...shape]);
  };
  const params: Tree = model.init(random.key(0), { initialize });
  const tree = structureOf(refTree(params));
  const layers = watchedLayers(optimizer, plan.optimizerOptions, optimizer.assign(params)).map(layerOfRun);
  const state: OptimizerState = structureOf(optimizer.init(params));
  return {
    plan,
    model,
    optimizer,
    layers,
    threads,
    averages: Object.keys(state).length > 0,
    estimate: (found, gradients) => gradientEstimate(optimizer, unflattenLike(state, found), gradients),
    nest: (params) => unflattenLike(tree, params),
    dispose: () => disposeTree([tree, state]),
  };
}

/** A tree of the same structure with next to nothing in it. Consumes the tree, whose numbers are never computed. */
const structureOf = <T extends Tree>(node: T): T =>
  mapLeaves((leaf) => {
    leaf.dispose();
    return np.zeros([]);
  }, node);
