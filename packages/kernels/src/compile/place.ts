import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../nest/nest.ts";
import type { KernelArray, KernelMemory } from "../run/kernelMemory.ts";

/** What an array has besides its elements. */
export interface ArrayType {
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** An array in the memory of the loops. */
export interface Place extends ArrayType {
  readonly address: number;
}

export const placeOf = (memory: KernelMemory, { shape, dtype }: ArrayType): Place => ({
  address: memory.allocate(4 * sizeOf(shape)),
  shape,
  dtype,
});

function viewOf(memory: KernelMemory, { address, shape, dtype }: Place): KernelArray {
  const size = sizeOf(shape);
  if (dtype === "int32") return new Int32Array(memory.buffer, address, size);
  if (dtype === "uint32") return new Uint32Array(memory.buffer, address, size);
  return new Float32Array(memory.buffer, address, size);
}

/** Copies an array into the memory and uses it up. */
export function writeArray(memory: KernelMemory, place: Place, array: JaxArray): void {
  viewOf(memory, place).set(array.dataSync());
}

/** A copy of what is there. */
export function readArray(memory: KernelMemory, place: Place): JaxArray {
  const options = { shape: [...place.shape], dtype: place.dtype as np.DType };
  const data = viewOf(memory, place).slice();
  if (data.length === 0) return np.zeros(options.shape, { dtype: options.dtype });
  return np.array(data as Float32Array<ArrayBuffer>, options);
}
