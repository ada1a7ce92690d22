import { random } from "@jax-js/jax";
import {
  disposeTree,
  namedLeaves,
  type Optimizer,
  type OptimizerState,
  refTree,
  type Tree,
  unflattenLike,
} from "steepest";

import { toArrays } from "./arrays.ts";
import type { HostTensors } from "./hostTensor.ts";
import { ownedTree } from "./ranks/ownedTree.ts";
import type { TrainingJob } from "./trainingEngine.ts";

/**
 * The parameters and optimizer state a job starts from, owned by the caller; the state only of the parameters that `owns` names.
 * Throws where a snapshot does not fit.
 */
export function startingTrees(
  { model, optimizer, seed, snapshot }: TrainingJob,
  owns?: (path: string) => boolean,
): { params: Tree; state: OptimizerState } {
  const params: Tree = model.init(random.key(seed), {
    initialize: (key, parameter) => optimizer.initialize(key, parameter),
  });
  const state = stateOf(optimizer, refTree(params), owns);
  if (snapshot === undefined) return { params, state };
  return {
    params: replace("parameter", params, snapshot.params),
    state: replace("optimizer state", state, owns ? partOf(snapshot.state, state) : snapshot.state),
  };
}

/** The first state of an optimizer, of the parameters that `owns` names or of all. Consumes the parameters. */
export function stateOf(
  optimizer: Optimizer,
  params: Tree,
  owns: ((path: string) => boolean) | undefined,
): OptimizerState {
  return optimizer.init(owns === undefined ? params : ownedTree(params, owns));
}

/** The tensors of a checkpoint that a state has a leaf for. Borrows the state. */
export function partOf(tensors: HostTensors, state: OptimizerState): HostTensors {
  const own = new Set(namedLeaves(state).map(([path]) => path));
  return Object.fromEntries(Object.entries(tensors).filter(([path]) => own.has(path)));
}

/** `tree` with its leaves taken from a snapshot. Consumes the tree. Throws where the two do not fit. */
function replace<T extends Tree>(what: string, tree: T, tensors: HostTensors): T {
  try {
    expectFits(what, tree, tensors);
    return unflattenLike(tree, toArrays(tensors));
  } finally {
    disposeTree(tree);
  }
}

/** Throws where a tree and the tensors of a checkpoint differ in paths, shapes or types. Borrows the tree. */
export function expectFits(what: string, tree: Tree, tensors: HostTensors): void {
  const leaves = namedLeaves(tree);
  const expected = new Set(leaves.map(([path]) => path));
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
}
