import { resolveObjectURL } from "node:buffer";
import { Worker as Thread } from "node:worker_threads";

/** What jax-js sends to the workers of its pool. */
type PoolMessage =
  | { readonly type: "init"; readonly memory: WebAssembly.Memory }
  | { readonly type: "routine" }
  | { readonly type: "kernel"; readonly kernelHash: string; readonly begin: number; readonly end: number };

type Reply = (data: unknown) => void;
type Part = { readonly worker: KernelWorker; readonly message: PoolMessage & { type: "kernel" } };

/** Work below this many milliseconds is done at once: another thread answers about 0.05 ms later. */
const WORTH_A_MESSAGE = 0.15;

/** Threads in use, the calling one included. The numbers computed do not depend on it. */
let threads = 1;

export function useThreads(count: number): void {
  threads = count;
}

/** Milliseconds per element of each kernel, as last measured on the calling thread. */
const cost = new Map<string, number>();
let parts: Part[] = [];
/** The worker's own code, run on the calling thread. Set by the first worker. */
let runHere: ((message: PoolMessage) => unknown) | undefined;

/**
 * The `Worker` that jax-js finds in Node. jax-js splits the elements of a kernel's output between its workers
 * and waits for all of them. Here the parts of one kernel are looked at together: a small kernel runs whole
 * on the calling thread; of a large one the calling thread takes the first part and threads the others.
 */
export class KernelWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: ((event: { readonly message: string }) => void) | null = null;
  readonly #source: Promise<string>;
  #memory: PoolMessage | undefined;
  #thread: Thread | undefined;

  constructor(url: string | URL) {
    this.#source = sourceOf(String(url));
    this.#source.catch((error: unknown) => this.onerror?.({ message: String(error) }));
  }

  postMessage(message: PoolMessage): void {
    if (message.type === "init") {
      void this.#initialize(message);
    } else if (message.type === "routine") {
      queueMicrotask(() => this.reply(here(message)));
    } else {
      parts.push({ worker: this, message });
      if (parts.length === 1) queueMicrotask(runParts);
    }
  }

  terminate(): void {
    void this.#thread?.terminate();
  }

  readonly reply: Reply = (data) => this.onmessage?.({ data });

  /** Runs a part on this worker's own thread, which is started by the first one. */
  async runElsewhere(message: PoolMessage): Promise<void> {
    this.#thread ??= this.#start(await this.#source);
    this.#thread.ref(); // an answer is awaited: the process must not end
    this.#thread.postMessage(message);
  }

  async #initialize(message: PoolMessage): Promise<void> {
    const source = await this.#source;
    this.#memory = message;
    runHere ??= evaluate(source);
    this.reply(here(message));
  }

  #start(source: string): Thread {
    const thread = new Thread(PRELUDE + source, { eval: true });
    thread.on("message", (data: { readonly type: string }) => {
      if (data.type !== "done") return;
      thread.unref();
      this.reply(data);
    });
    thread.on("error", (error) => this.reply({ ok: false, error: error.message }));
    thread.postMessage(this.#memory);
    return thread;
  }
}

/** The globals of a web worker, inside a Node thread. */
const PRELUDE = `
  const { parentPort } = require("node:worker_threads");
  const self = globalThis;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  parentPort.on("message", (data) => self.onmessage({ data }));
`;

async function sourceOf(url: string): Promise<string> {
  const source = await resolveObjectURL(url)?.text();
  if (source === undefined) throw new Error(`a worker can only be started from a blob URL, got ${url}`);
  return source;
}

/** The worker's code as a function from a message to its answer. */
function evaluate(source: string): (message: PoolMessage) => unknown {
  const self: { onmessage?: (event: { data: unknown }) => void } = {};
  let answer: unknown;
  new Function("self", "postMessage", source)(self, (data: unknown) => {
    answer = data;
  });
  return (message) => {
    self.onmessage?.({ data: message });
    return answer;
  };
}

function here(message: PoolMessage): unknown {
  if (runHere === undefined) throw new Error("internal: a kernel before its worker was initialised");
  return runHere(message);
}

/** Runs the parts of one kernel, which jax-js has posted in one go. */
function runParts(): void {
  const [first, ...rest] = parts;
  parts = [];
  if (first === undefined) return;
  const { kernelHash, begin } = first.message;
  const end = rest.at(-1)?.message.end ?? first.message.end;
  const expected = cost.get(kernelHash);
  const split = threads > 1 && rest.length > 0 && (expected ?? 0) * (end - begin) > WORTH_A_MESSAGE;
  if (split) for (const { worker, message } of rest) void worker.runElsewhere(message);
  const started = performance.now();
  const mine = split ? first.message : { ...first.message, end };
  const answer = here(mine);
  cost.set(kernelHash, (performance.now() - started) / Math.max(1, mine.end - begin));
  first.worker.reply(answer);
  if (!split) for (const { worker } of rest) worker.reply(answer);
}
