import { CONTROL_BYTES, WORDS } from "./control.ts";
import { helperSource } from "./helperSource.ts";
import type { KernelMemory } from "./kernelMemory.ts";

/** Threads that take tiles besides the main one. They sleep while there is nothing to do, and keep no process alive. */
export class Helpers {
  readonly control: number;
  readonly #memory: KernelMemory;
  readonly #stops: (() => void)[] = [];

  constructor(memory: KernelMemory, count: number) {
    this.#memory = memory;
    this.control = memory.allocate(CONTROL_BYTES);
    for (let i = 0; i < count; i++) this.#stops.push(startHelper(memory.memory, this.control));
  }

  dispose(): void {
    const words = new Int32Array(this.#memory.buffer, this.control, CONTROL_BYTES / 4);
    Atomics.store(words, WORDS.STOP, 1);
    Atomics.add(words, WORDS.EPOCH, 1);
    Atomics.notify(words, WORDS.EPOCH);
    for (const stop of this.#stops) stop();
  }
}

/** Starts a thread and returns what ends it. */
function startHelper(memory: WebAssembly.Memory, control: number): () => void {
  const node = typeof process === "undefined" ? undefined : process.getBuiltinModule?.("node:worker_threads");
  if (node !== undefined) {
    const thread = new node.Worker(helperSource, { eval: true, workerData: { memory, control } });
    thread.unref();
    return () => void thread.terminate();
  }
  const url = URL.createObjectURL(new Blob([helperSource], { type: "text/javascript" }));
  const thread = new Worker(url);
  thread.postMessage({ memory, control });
  return () => {
    thread.terminate();
    URL.revokeObjectURL(url);
  };
}
