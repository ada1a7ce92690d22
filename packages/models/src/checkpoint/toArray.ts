import { numpy as np } from "@jax-js/jax";
import type { HostTensor } from "./hostTensor.ts";

/** Numbers as a jax-js array of its own. */
export function toArray(tensor: HostTensor): np.Array {
  const shape = [...tensor.shape];
  if (tensor.dtype === "bool") {
    return np.array(Int32Array.from(tensor.data), { shape, dtype: np.int32 }).astype(np.bool);
  }
  if (tensor.data.length === 0) return np.zeros(shape, { dtype: np[tensor.dtype] }); // np.array takes no empty data
  return np.array(tensor.data, { shape, dtype: np[tensor.dtype] });
}
