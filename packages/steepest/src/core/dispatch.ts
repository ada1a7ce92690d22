import type { numpy as np } from "@jax-js/jax";

/**
 * Starts the work that an array waits for, and what was compiled with it. jax-js is lazy: where nothing is read for many
 * steps, work piles up and every step costs more than the last. Reads nothing back from a GPU. Borrows.
 */
export function dispatch(array: np.Array): void {
  if (array.device === "webgpu") array.ref.gpuBufferSync();
  else array.ref.dataSync();
}
