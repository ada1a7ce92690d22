import type { TensorData } from "../arrays/dtype.ts";
import type { SharedState } from "./sharedState.ts";

/** Bytes of a training step's arrays. */
export interface StepMemory {
  /** Leaves that cannot be overwritten count twice as soon as a step has written them. */
  readonly state: number;
  readonly batch: number;
  readonly outputs: number;
  /** What one stage of a step hands to the next, such as gradients, and intermediate results of fused loops. */
  readonly between: number;
}

export function stepMemory(
  shared: SharedState,
  batch: readonly TensorData[],
  outputs: Iterable<TensorData>,
  scratchBytes: number,
): StepMemory {
  const bytes = (arrays: Iterable<TensorData>): number =>
    [...arrays].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    state: shared.leaves.reduce((sum, leaf) => sum + leaf.bytes, 0),
    batch: bytes(batch),
    outputs: bytes(outputs),
    between: shared.between.bytes + scratchBytes,
  };
}
