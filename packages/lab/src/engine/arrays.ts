import { toArray, toHostTensor } from "@steepest/models";
import { type Arrays, namedLeaves, type Tree } from "steepest";
import type { HostTensor, HostTensors } from "./hostTensor.ts";

export function toArrays(tensors: HostTensors): Arrays {
  return Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [path, toArray(tensor)]));
}

/** The leaves of a tree, copied out. Borrows the tree. */
export async function toHost(node: Tree): Promise<HostTensors> {
  const copied: [string, HostTensor][] = [];
  for (const [path, leaf] of namedLeaves(node)) copied.push([path, await toHostTensor(path, leaf.ref)]);
  return Object.fromEntries(copied);
}
