import { numpy as np } from "@jax-js/jax";
import type { HostTensor } from "./hostTensor.ts";

/** An array's numbers, copied out; `path` names it where its type is none that a file can hold. Consumes the array. */
export async function toHostTensor(path: string, leaf: np.Array): Promise<HostTensor> {
  const { shape, dtype } = leaf;
  const data = await leaf.data();
  if (dtype === np.bool) return { dtype: "bool", shape, data: Uint8Array.from(data, (v) => (v ? 1 : 0)) };
  if (data instanceof Float32Array) return { dtype: "float32", shape, data };
  if (data instanceof Float64Array) return { dtype: "float64", shape, data };
  if (data instanceof Int32Array) return { dtype: "int32", shape, data };
  if (data instanceof Uint32Array) return { dtype: "uint32", shape, data };
  throw new Error(`"${path}" is ${dtype}, which a checkpoint cannot hold; make it float32 by .astype`);
}
