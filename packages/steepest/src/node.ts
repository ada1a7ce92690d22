/**
 * What jax-js needs of Node. Import it before anything that imports jax-js:
 *
 * ```ts
 * import { setThreads } from "steepest/node";
 * import { numpy as np } from "@jax-js/jax";
 * ```
 *
 * jax-js spreads kernels over web workers when a global `Worker` exists while it is loaded, and asks
 * `navigator` how many. Node 20 has neither. Threads help only where results are awaited (`await x.data()`,
 * `blockUntilReady`); what is read at once (`x.js()`, `x.item()`) is computed on the calling thread, and so is
 * everything until `setThreads` is called. Results are the same bit for bit: threads share out the elements of
 * an output, no sum is split.
 */
import { availableParallelism } from "node:os";

import { KernelWorker } from "./node/kernelWorker.ts";
import "./polyfill.ts";

export { setThreads } from "./node/kernelWorker.ts";

/** Cores this process may use. */
export const cores: number = availableParallelism();

if (!("Worker" in globalThis)) Object.assign(globalThis, { Worker: KernelWorker });

// Node 21 and later have a navigator, but it counts the machine's cores.
Object.defineProperty(globalThis, "navigator", {
  configurable: true,
  value: { userAgent: `Node.js/${process.versions.node}`, hardwareConcurrency: cores },
});
