import { type JsTree, tree } from "@jax-js/jax";
import { type LeafSpec, leavesWithPaths } from "../arrays/argumentTree.ts";
import type { Dtype, TensorData } from "../arrays/dtype.ts";
import { sizeOf } from "../graph/shape.ts";
import { fillBatch } from "./fillBatch.ts";
import { type NamedTensors, named } from "./namedTensors.ts";
import { specsOf } from "./sharedState.ts";

/** Memory for so many elements. */
export type Allocate = (dtype: Dtype, size: number) => TensorData;

/** The arrays a step reads its batch from, and what its leaves are. */
export class BatchMemory {
  readonly structure: tree.JsTreeDef;
  readonly specs: readonly LeafSpec[];
  readonly arrays: readonly TensorData[];

  /** Numbers of the batch are there from the start; all the rest is zeros until it is filled. */
  constructor(batch: unknown, allocate: Allocate) {
    this.structure = tree.structure(batch as JsTree<unknown>);
    this.specs = specsOf(batch);
    this.arrays = this.specs.map(({ dtype, shape }) => allocate(dtype, sizeOf(shape)));
    for (const [i, [, leaf]] of leavesWithPaths(batch).entries())
      if (typeof leaf === "number" || typeof leaf === "boolean") this.arrays[i]?.fill(Number(leaf));
  }

  get named(): NamedTensors {
    return named(this.specs, this.arrays);
  }

  /** Throws `ArgumentError` as `fillBatch` does. */
  fill(feed: unknown): Promise<void> {
    return fillBatch(feed, this.specs, this.arrays);
  }
}
