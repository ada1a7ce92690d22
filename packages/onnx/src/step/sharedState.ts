import { tree } from "@jax-js/jax";
import { isArray, type LeafSpec, leafSpec, leavesWithPaths, Spec } from "../arrays/argumentTree.ts";
import { copyOut, fromTensor } from "../arrays/boundary.ts";
import { allocateTensor } from "../arrays/dtype.ts";
import { sameSpecs } from "../arrays/sameSpecs.ts";
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

/** Copies of the state as jax-js arrays, which belong to the caller. */
export function stateArrays({ leaves, specs, structure }: SharedState): unknown {
  return tree.unflatten(
    structure,
    leaves.map(({ value }, i) => fromTensor(value.slice(), specs[i])),
  );
}

/** Copies a state into the shared one, leaf by leaf of the same path. Uses its arrays up. */
export function replaceState({ specs, leaves: targets }: SharedState, state: Tree): void {
  const leaves = leavesWithPaths(state);
  sameSpecs(
    "state",
    specs,
    leaves.map(([path, leaf]) => leafSpec(path, leaf)),
  );
  const byPath = new Map(leaves);
  for (const [i, { path, dtype }] of specs.entries()) {
    const [leaf, target] = [byPath.get(path), targets[i]?.value];
    if (leaf === undefined || target === undefined) throw new Error(`internal: no state "${path}"`);
    if (isArray(leaf)) copyOut(leaf, dtype, target);
    else if (!(leaf instanceof Spec)) target.fill(Number(leaf));
  }
}

/** What the leaves of a tree are. Uses nothing up. */
export function specsOf(node: unknown): LeafSpec[] {
  return leavesWithPaths(node).map(([path, leaf]) => leafSpec(path, leaf));
}
