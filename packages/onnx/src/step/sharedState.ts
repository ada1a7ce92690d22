import { tree } from "@jax-js/jax";
import { type LeafSpec, leafSpec, leavesWithPaths } from "../arrays/argumentTree.ts";
import { allocateTensor } from "../arrays/dtype.ts";
import type { KernelHost } from "../run/kernelHost.ts";
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
  /** Where the state's arrays are and its updates run, if fused loops may do so. */
  readonly host: KernelHost | undefined;
  running: boolean;
}

/** Zeros for each leaf of a state, which is not used up. Where there is a `host`, in its memory. */
export function shareState(state: Tree, host: KernelHost | undefined): SharedState {
  const specs = specsOf(state);
  const allocate = host === undefined ? allocateTensor : host.allocate.bind(host);
  return {
    host,
    structure: tree.structure(state),
    specs,
    leaves: specs.map((spec) => new StateLeaf(spec, allocate)),
    between: new TensorPool(allocate),
    running: false,
  };
}

/** What the leaves of a tree are. Borrows. */
export function specsOf(node: unknown): LeafSpec[] {
  return leavesWithPaths(node).map(([path, leaf]) => leafSpec(path, leaf));
}
