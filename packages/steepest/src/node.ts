/**
 * What jax-js needs of Node to compute on several threads. Import it before anything that imports jax-js:
 *
 * ```ts
 * import { setThreads } from "steepest/node";
 * import { numpy as np } from "@jax-js/jax";
 * setThreads(2);
 * ```
 *
 * jax-js spreads kernels over web workers when a global `Worker` exists while it is loaded, and asks
 * `navigator` how many. Node has no such `Worker`. Threads help only where results are awaited
 * (`await x.data()`, `blockUntilReady`); what is read at once (`x.js()`, `x.item()`) is computed on the calling
 * thread, and so is everything until `setThreads` is called. Results are the same bit for bit: threads share
 * out the elements of an output, no sum is split.
 */
import { availableParallelism } from "node:os";

import { KernelWorker, useThreads } from "./node/kernelWorker.ts";
import "./polyfill.ts";

const cores = availableParallelism();

// Node 21 and later have a navigator, but it counts the machine's cores, not those of this process.
Object.defineProperty(globalThis, "navigator", {
  configurable: true,
  value: { userAgent: `Node.js/${process.versions.node}`, hardwareConcurrency: cores },
});

/**
 * Loads jax-js with a global `Worker` and returns whether jax-js saw it. When jax-js was loaded before, its
 * memory cannot be shared between threads any more, and a `Worker` that appears now would break it.
 */
async function provideWorker(): Promise<boolean> {
  let seen = false;
  const get = (): typeof KernelWorker => {
    seen = true;
    return KernelWorker;
  };
  Object.defineProperty(globalThis, "Worker", { configurable: true, get });
  await import("@jax-js/jax");
  if (!seen) Reflect.deleteProperty(globalThis, "Worker");
  return seen;
}

const shared = "Worker" in globalThis ? false : await provideWorker();

/** The most threads there can be: the cores of this process, or 1 when jax-js was loaded before this module. */
export const maxThreads: number = shared ? cores : 1;

/** Threads that jax-js computes on from now on, the calling one included. Throws `RangeError`. */
export function setThreads(count: number): void {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`threads must be a whole number ≥ 1, got ${count}`);
  }
  if (count > maxThreads) {
    const why = shared ? "the cores of this process" : 'import "steepest/node" before jax-js for more';
    throw new RangeError(
      `there can be ${maxThreads} thread${maxThreads === 1 ? "" : "s"} (${why}), got ${count}`,
    );
  }
  useThreads(count);
}
