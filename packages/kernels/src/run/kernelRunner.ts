import { CLOSED, CONTROL_BYTES, WORDS } from "./control.ts";
import { Helpers } from "./helpers.ts";
import type { KernelMemory } from "./kernelMemory.ts";
import type { Kernel } from "./kernelModule.ts";

/** A call with its arguments in memory. */
export interface BoundCall {
  readonly kernel: Kernel;
  /** Address of the argument list. */
  readonly list: number;
  readonly tiles: number;
}

/** A stage, for this thread and, as a table in memory, for helpers. */
export interface BoundStage {
  readonly calls: readonly BoundCall[];
  readonly tiles: number;
  readonly elements: number;
  readonly table: number;
  readonly module: { readonly address: number; readonly bytes: number; readonly number: number };
}

/** Elements below which waking a helper takes longer than it saves. */
const WORTH_WAKING = 65_536;
/** After so many milliseconds the event loop has its turn. */
const LONGEST_BLOCK = 10;
/** Times that a helper's last tile is waited for without sleeping. */
const SPINS = 20_000;

/** Runs stages on this thread and on helpers, which it starts when there is work for them. */
export class KernelRunner {
  readonly #memory: KernelMemory;
  readonly #threads: number;
  #helpers: Helpers | undefined;

  /** `threads`: including this one. More than one only where memory is shared. */
  constructor(memory: KernelMemory, threads: number) {
    this.#memory = memory;
    this.#threads = memory.shared ? threads : 1;
  }

  async run(stages: readonly BoundStage[]): Promise<void> {
    let since = performance.now();
    for (const stage of stages) {
      const helped = this.#threads > 1 && stage.tiles > 1 && stage.elements >= WORTH_WAKING;
      const claim = helped ? this.#open(stage) : counting();
      let [call, first] = [0, 0];
      for (let tile = claim(); tile < stage.tiles; tile = claim()) {
        for (let tiles = stage.calls[call]?.tiles ?? 0; tile >= first + tiles; ) {
          first += tiles;
          call += 1;
          tiles = stage.calls[call]?.tiles ?? 0;
        }
        const { kernel, list } = stage.calls[call] ?? fail();
        kernel(list, tile - first);
        if (performance.now() - since < LONGEST_BLOCK) continue;
        await breathe();
        since = performance.now();
      }
      if (helped) this.#close();
    }
  }

  dispose(): void {
    this.#helpers?.dispose();
    this.#helpers = undefined;
  }

  #words(): Int32Array {
    this.#helpers ??= new Helpers(this.#memory, this.#threads - 1);
    return new Int32Array(this.#memory.buffer, this.#helpers.control, CONTROL_BYTES / 4);
  }

  /** Offers a stage to the helpers and returns what takes the next tile. */
  #open({ table, calls, tiles, module }: BoundStage): () => number {
    const words = this.#words();
    words[WORDS.TABLE] = table;
    words[WORDS.CALLS] = calls.length;
    words[WORDS.MODULE] = module.address;
    words[WORDS.MODULE_BYTES] = module.bytes;
    words[WORDS.MODULE_NUMBER] = module.number;
    Atomics.store(words, WORDS.TILES, tiles);
    Atomics.store(words, WORDS.NEXT, 0);
    Atomics.add(words, WORDS.EPOCH, 1);
    Atomics.notify(words, WORDS.EPOCH);
    return () => Atomics.add(words, WORDS.NEXT, 1);
  }

  /** Waits until every helper has left the stage. */
  #close(): void {
    const words = this.#words();
    Atomics.store(words, WORDS.NEXT, CLOSED);
    for (let spin = 0; Atomics.load(words, WORDS.ACTIVE) !== 0; spin++) {
      if (spin < SPINS || !mayWait) continue;
      const active = Atomics.load(words, WORDS.ACTIVE);
      if (active !== 0) Atomics.wait(words, WORDS.ACTIVE, active, 1);
    }
    if (Atomics.load(words, WORDS.FAILED) !== 0)
      throw new Error(
        "a helper thread could not compile or run its loops: results are not complete; use one thread",
      );
  }
}

/** Pages may not sleep on their main thread. */
const mayWait = typeof document === "undefined";

function counting(): () => number {
  let next = 0;
  return () => next++;
}

/** Lets the event loop have its turn. Timers of browsers wait for at least four milliseconds, messages do not. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function fail(): never {
  throw new Error("internal: a tile of no call");
}
