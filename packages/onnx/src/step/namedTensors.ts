import type { LeafSpec } from "../arrays/argumentTree.ts";
import type { TensorData } from "../arrays/dtype.ts";

/** Named typed arrays: the leaves of a tree by path, `blocks.0.attention.query`. */
export type NamedTensors = Readonly<Record<string, TensorData>>;

/** The arrays by the paths of their leaves. */
export function named(specs: readonly LeafSpec[], arrays: readonly TensorData[]): NamedTensors {
  return Object.fromEntries(specs.flatMap(({ path }, i) => (arrays[i] ? [[path, arrays[i]]] : [])));
}
