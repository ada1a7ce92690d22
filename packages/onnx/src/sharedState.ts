import { tree } from "@jax-js/jax";
import { type LeafSpec, leafSpec, leavesWithPaths } from "./argumentTree.ts";
import { allocateTensor, type TensorData } from "./dtype.ts";
import { sizeOf } from "./graph/shape.ts";
import type { Tree } from "./trainStep.ts";

/** The double-buffered state, which a step and what is derived from it have in common. */
export interface SharedState {
  readonly structure: tree.JsTreeDef;
  readonly specs: readonly LeafSpec[];
  readonly buffers: readonly [TensorData, TensorData][];
  /** Which of the two buffers of each leaf holds its value. */
  readonly current: (0 | 1)[];
  running: boolean;
}

/** Two zeroed buffers for each leaf of a state, which is not used up. */
export function shareState(state: Tree): SharedState {
  const specs = specsOf(state);
  return {
    structure: tree.structure(state),
    specs,
    buffers: specs.map(({ dtype, shape }) => [
      allocateTensor(dtype, sizeOf(shape)),
      allocateTensor(dtype, sizeOf(shape)),
    ]),
    current: specs.map(() => 0),
    running: false,
  };
}

/** What the leaves of a tree are. Borrows. */
export function specsOf(node: unknown): LeafSpec[] {
  return leavesWithPaths(node).map(([path, leaf]) => leafSpec(path, leaf));
}
