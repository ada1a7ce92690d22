import { encodeSafetensors } from "./encodeSafetensors.ts";
import type { HostTensor, HostTensors } from "./hostTensor.ts";
import { type StateLeaf, stateLeaves } from "./stateLeaves.ts";
import { toHostTensor } from "./toHostTensor.ts";

/** What the metadata of a state's file says, by which it is told from weights, and its version. */
export const STATE_FORMAT = { format: "pt", steepest_state: "1" } as const;

/**
 * A training state as the bytes of a safetensors file, for a download, IndexedDB or the Origin Private File System; in Node
 * see `saveState`. `tree` is any nesting of objects and lists of arrays and numbers: `{ params, state }`, or what
 * `compiledStep` works on. Every array has its type, every number is a float64. Borrows: training goes on
 * with the same arrays.
 *
 * Rejects with `StateError` for other things in the tree.
 */
export async function encodeState(tree: object): Promise<Uint8Array<ArrayBuffer>> {
  const pieces = encodeSafetensors(await stateTensors(tree), STATE_FORMAT);
  const bytes = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The leaves of a state outside jax-js, by path. Borrows the arrays. */
export async function stateTensors(tree: object): Promise<HostTensors> {
  // All references are taken now: a step may consume the arrays while the first is read.
  const kept = [...stateLeaves(tree)].map(
    ([path, leaf]) => [path, typeof leaf === "number" ? leaf : leaf.ref] as const,
  );
  const read = kept.map(async ([path, leaf]) => [path, await hostTensor(path, leaf)] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** Consumes. */
async function hostTensor(path: string, leaf: StateLeaf): Promise<HostTensor> {
  if (typeof leaf === "number") return { dtype: "float64", shape: [], data: Float64Array.of(leaf) };
  return toHostTensor(path, leaf);
}
