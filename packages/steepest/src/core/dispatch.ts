import type { numpy as np } from "@jax-js/jax";

/**
 * Starts the work that an array waits for, and what was compiled with it. jax-js is lazy: where nothing is read for many
 * steps, work piles up and every step costs more than the last. Reads nothing back from a GPU. Borrows.
 *
 * Where jax-js has threads (`steepest/node`, a cross-origin isolated page) it does nothing: work that is started at once is
 * done by one thread, and started for later it forbids `item()` until it is done. There `await` a result now and then.
 */
export function dispatch(array: np.Array): void {
  if (array.device === "webgpu") array.ref.gpuBufferSync();
  else if (!("SharedArrayBuffer" in globalThis && "Worker" in globalThis)) array.ref.dataSync();
}
