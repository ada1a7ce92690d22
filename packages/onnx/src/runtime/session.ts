import { availableParallelism } from "node:os";
import koffi from "koffi";
import { type Dtype, dtypeFacts, type TensorData } from "../arrays/dtype.ts";
import { ArgumentError } from "../arrays/errors.ts";
import { appendDevice, type Device, unavailable } from "./devices.ts";
import { type Handle, ortApi } from "./ortApi.ts";

/** Name, shape and dtype of one input or output of a graph. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

export interface SessionOptions {
  /** Default "cpu". */
  readonly device?: Device | undefined;
  /**
   * Threads inside one operator; default and upper bound: the cores of this process, which all sessions have in common.
   * With fewer, or with `config` for them, a session has threads of its own.
   */
  readonly threads?: number | undefined;
  /** Write a profile (Chrome trace) whose file name starts with this; `endProfiling` tells the whole name. */
  readonly profile?: string | undefined;
  /**
   * Take memory for intermediate results from one arena of the process instead of one per graph. It is the size
   * of the largest graph, and stays when sessions are disposed. Default: true for `TrainStep`, whose graphs run
   * one at a time, false for `compile`.
   */
  readonly shareMemory?: boolean | undefined;
  /** Entries for `AddSessionConfigEntry`, passed on as they are. */
  readonly config?: Readonly<Record<string, string>> | undefined;
}

/**
 * One graph, ready to run. Holds native memory: call `dispose` when done. Runs of one session may not
 * overlap with a `dispose`.
 */
export class Session {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #inputNames: CStrings;
  readonly #outputNames: CStrings;
  #handle: Handle | undefined;

  /** `model`: the bytes of an ONNX model whose inputs and outputs are exactly those given, in that order. */
  constructor(
    model: Uint8Array,
    inputs: readonly TensorSpec[],
    outputs: readonly TensorSpec[],
    options: SessionOptions = {},
  ) {
    const api = ortApi();
    const { device = "cpu" } = options;
    const settings = api.create("CreateSessionOptions");
    try {
      const threads = threadCount(options.threads);
      const ownPool = Object.keys(options.config ?? {}).some((key) => key.startsWith("session.intra_op"));
      if (threads === availableParallelism() && !ownPool) api.call("DisablePerSessionThreads", settings);
      else api.call("SetIntraOpNumThreads", settings, threads);
      // A plan of all memory, made in the first run, would be taken beside what that run left in the arena.
      api.call("DisableMemPattern", settings);
      const shared = options.shareMemory === true && device === "cpu";
      const config = { ...(shared && { "session.use_env_allocators": "1" }), ...options.config };
      for (const [key, value] of Object.entries(config))
        api.call("AddSessionConfigEntry", settings, key, value);
      if (options.profile !== undefined) api.call("EnableProfiling", settings, options.profile);
      appendDevice(settings, device);
      try {
        this.#handle = api.create("CreateSessionFromArray", api.env, model, model.byteLength, settings);
      } catch (cause) {
        throw device !== "cpu" && /provider|device|adapter|webgpu|cuda/i.test(String(cause))
          ? unavailable(device, cause)
          : cause;
      }
    } finally {
      api.release("ReleaseSessionOptions", settings);
    }
    this.inputs = inputs;
    this.outputs = outputs;
    this.#inputNames = new CStrings(inputs.map(({ name }) => name));
    this.#outputNames = new CStrings(outputs.map(({ name }) => name));
  }

  /** Ties the inputs and outputs to arrays, which the graph then reads and writes in place. */
  bind(inputs: readonly TensorData[], outputs: readonly TensorData[]): Binding {
    return new Binding(this, inputs, outputs);
  }

  /** Stops profiling and returns the path of the profile. */
  endProfiling(): string {
    return ortApi().endProfiling(this.#live());
  }

  dispose(): void {
    if (this.#handle === undefined) return;
    ortApi().release("ReleaseSession", this.#handle);
    this.#handle = undefined;
  }

  /** For `Binding`: what `Run` takes. */
  runArguments(inputs: BigUint64Array, outputs: BigUint64Array): unknown[] {
    const [names, results] = [this.#inputNames.pointers, this.#outputNames.pointers];
    return [this.#live(), null, names, inputs, inputs.length, results, outputs.length, outputs];
  }

  #live(): Handle {
    if (this.#handle === undefined) throw new ArgumentError("this session was disposed");
    return this.#handle;
  }
}

/** A session with its inputs and outputs tied to typed arrays. It keeps the arrays alive. */
export class Binding {
  readonly #session: Session;
  readonly #inputs: BigUint64Array;
  readonly #outputs: BigUint64Array;
  /** Kept, because the runtime holds bare pointers into them. */
  arrays: readonly TensorData[];

  constructor(session: Session, inputs: readonly TensorData[], outputs: readonly TensorData[]) {
    this.#session = session;
    this.arrays = [...inputs, ...outputs];
    this.#inputs = tensorHandles(session.inputs, inputs);
    this.#outputs = tensorHandles(session.outputs, outputs);
  }

  /** Runs the graph on a thread of libuv's pool; the event loop stays free until the promise settles. */
  run(): Promise<void> {
    return ortApi().callAsync("Run", ...this.#session.runArguments(this.#inputs, this.#outputs));
  }

  runSync(): void {
    ortApi().call("Run", ...this.#session.runArguments(this.#inputs, this.#outputs));
  }

  dispose(): void {
    for (const handle of [...this.#inputs, ...this.#outputs])
      if (handle !== 0n) ortApi().release("ReleaseValue", handle);
    this.#inputs.fill(0n);
    this.#outputs.fill(0n);
    this.arrays = [];
  }
}

function tensorHandles(specs: readonly TensorSpec[], arrays: readonly TensorData[]): BigUint64Array {
  const api = ortApi();
  const handles = new BigUint64Array(specs.length);
  for (const [i, { name, dtype, shape }] of specs.entries()) {
    const array = arrays[i];
    const size = shape.reduce((a, b) => a * b, 1);
    if (array === undefined || array.length !== size)
      throw new ArgumentError(`"${name}" needs ${size} elements (${dtype}[${shape}]), got ${array?.length}`);
    const dims = BigInt64Array.from(shape, BigInt);
    const facts = [array, array.byteLength, dims, dims.length, dtypeFacts[dtype].onnx];
    handles[i] = api.create("CreateTensorWithDataAsOrtValue", api.cpuMemory, ...facts);
  }
  return handles;
}

/** More threads than cores make a run several times slower, so a larger wish is cut, never granted. */
function threadCount(wish: number | undefined): number {
  const cores = availableParallelism();
  if (wish === undefined) return cores;
  if (!Number.isInteger(wish) || wish < 1)
    throw new ArgumentError(`threads must be a whole number of at least 1, got ${wish}`);
  return Math.min(wish, cores);
}

/** Zero-terminated strings and the array of pointers to them, built once instead of once a run. */
class CStrings {
  readonly pointers: BigUint64Array;
  /** Kept, because `pointers` points into them. */
  readonly bytes: Uint8Array[];
  constructor(strings: readonly string[]) {
    // A buffer of its own for each: slices of Node's pool would do, but these must not be small on-heap arrays.
    this.bytes = strings.map((text) => {
      const encoded = Buffer.from(`${text}\0`, "utf8");
      const own = new Uint8Array(new SharedArrayBuffer(encoded.length));
      own.set(encoded);
      return own;
    });
    this.pointers = BigUint64Array.from(this.bytes, (b) => koffi.address(b));
  }
}
