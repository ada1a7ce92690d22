import { tree } from "@jax-js/jax";
import { type LeafSpec, leafSpec, leavesWithPaths } from "../arrays/argumentTree.ts";
import { StateLeaf } from "./stateLeaf.ts";
import type { Tree } from "./stepFunction.ts";
import { TensorPool } from "./tensorPool.ts";

/** The state, which a step and what is derived from it have in common. */
export interface SharedState {
  readonly structure: tree.JsTreeDef;
  readonly specs: readonly LeafSpec[];
  readonly leaves: readonly StateLeaf[];
  /** Memory for what stages hand to later stages. Runs do not overlap, so they have it in common. */
  readonly between: TensorPool;
  running: boolean;
}

/** Zeros for each leaf of a state, which is not used up. */
export function shareState(state: Tree): SharedState {
  const specs = specsOf(state);
  return {
    structure: tree.structure(state),
    specs,
    leaves: specs.map((spec) => new StateLeaf(spec)),
    between: new TensorPool(),
    running: false,
  };
}

/** What the leaves of a tree are. Borrows. */
export function specsOf(node: unknown): LeafSpec[] {
  return leavesWithPaths(node).map(([path, leaf]) => leafSpec(path, leaf));
}
