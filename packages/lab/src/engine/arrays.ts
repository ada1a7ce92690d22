import { numpy as np } from "@jax-js/jax";
import { type Arrays, namedLeaves, type Tree } from "steepest";
import type { HostTensor, HostTensors } from "./hostTensor.ts";

/** A jax-js array of its own. */
export function toArray(tensor: HostTensor): np.Array {
  const shape = [...tensor.shape];
  if (tensor.dtype === "bool") {
    return np.array(Int32Array.from(tensor.data), { shape, dtype: np.int32 }).astype(np.bool);
  }
  return np.array(tensor.data, { shape, dtype: np[tensor.dtype] });
}

export function toArrays(tensors: HostTensors): Arrays {
  return Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [path, toArray(tensor)]));
}

/** The leaves of a tree, copied out. Borrows the tree. */
export async function toHost(node: Tree): Promise<HostTensors> {
  const copied: [string, HostTensor][] = [];
  for (const [path, leaf] of namedLeaves(node)) copied.push([path, await copyOut(path, leaf.ref)]);
  return Object.fromEntries(copied);
}

async function copyOut(path: string, leaf: np.Array): Promise<HostTensor> {
  const { shape, dtype } = leaf;
  const data = await leaf.data();
  if (dtype === np.bool) return { dtype: "bool", shape, data: Uint8Array.from(data, (v) => (v ? 1 : 0)) };
  if (data instanceof Float32Array) return { dtype: "float32", shape, data };
  if (data instanceof Float64Array) return { dtype: "float64", shape, data };
  if (data instanceof Int32Array) return { dtype: "int32", shape, data };
  if (data instanceof Uint32Array) return { dtype: "uint32", shape, data };
  throw new Error(`"${path}" is ${dtype}, which a checkpoint cannot hold`);
}
