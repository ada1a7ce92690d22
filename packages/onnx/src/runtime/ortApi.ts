import { availableParallelism, totalmem } from "node:os";
import koffi from "koffi";
import { OnnxRuntimeError } from "../arrays/errors.ts";
import { findLibrary } from "./findLibrary.ts";
import { ensureNativeStack } from "./nativeStack.ts";
import { API_VERSION, type Entry, SUPPORTED, TABLE } from "./ortTable.ts";

/** A pointer that the runtime handed out. */
export type Handle = bigint;

/** Memory that C reads or writes: typed arrays stay where they are, so their address is stable. */
export type Memory = NodeJS.TypedArray | Handle | null;

type Callback = (error: unknown, result: unknown) => void;
type Native = { (...values: unknown[]): unknown; async(...values: unknown[]): void };

/** The C API of ONNX Runtime, as much of it as this package uses. */
export interface OrtApi {
  readonly version: string;
  readonly libraryPath: string;
  readonly env: Handle;
  readonly cpuMemory: Handle;
  /** Calls an entry that returns a status and throws `OnnxRuntimeError` with the runtime's text if it is bad. */
  call(entry: Entry, ...values: unknown[]): void;
  /** The same on a thread of libuv's pool: the event loop stays free. */
  callAsync(entry: Entry, ...values: unknown[]): Promise<void>;
  /** Calls an entry whose last parameter receives a new handle. */
  create(entry: Entry, ...values: unknown[]): Handle;
  release(entry: Entry, handle: Handle): void;
  /** Execution providers compiled into this library, such as "CPUExecutionProvider". */
  providers(): string[];
  /** Ends profiling of a session and returns the path of the file that was written. */
  endProfiling(session: Handle): string;
}

let loaded: OrtApi | undefined;
/** koffi unloads a library, and frees a prototype, that is no longer referenced, also while pointers are in use. */
const keptAlive: unknown[] = [];

/** Loads the library inside `onnxruntime-node` once, with its telemetry off. Throws `OnnxRuntimeError` when it is not there. */
export function ortApi(): OrtApi {
  loaded ??= load(findLibrary());
  return loaded;
}

function load(libraryPath: string): OrtApi {
  ensureNativeStack();
  // From 1.30 on the runtime counts its uses for Microsoft unless told not to, with a number for the machine in
  // ~/.cache/Microsoft and an empty log in the folder for temporary files for every process. Who wants that says so.
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  const library = koffi.load(libraryPath);
  keptAlive.push(library);
  const base = library.func("void *OrtGetApiBase()")() as Handle;
  const [getApi, getVersion] = koffi.decode(base, "void *", 2) as [Handle, Handle];
  const version = (koffi.decode(getVersion, koffi.proto("const char *(void)")) as () => string)();
  if (!SUPPORTED.test(version))
    throw new OnnxRuntimeError(`ONNX Runtime ${version} at ${libraryPath}: this package knows 1.22 to 1.99`);
  const table = (koffi.decode(getApi, koffi.proto("void *(uint32_t)")) as (v: number) => Handle | null)(
    API_VERSION,
  );
  if (table === null)
    throw new OnnxRuntimeError(`ONNX Runtime ${version} does not offer version ${API_VERSION} of its C API`);
  const natives = new Map<Entry, Native>();
  const native = (entry: Entry): Native => {
    let found = natives.get(entry);
    if (found === undefined) {
      const [index, result, parameters] = TABLE[entry];
      const pointer = koffi.decode(table, index * 8, "void *") as Handle;
      const prototype = koffi.proto(result, [...parameters]);
      keptAlive.push(prototype);
      found = koffi.decode(pointer, prototype) as Native;
      natives.set(entry, found);
    }
    return found;
  };
  const check = (entry: Entry, status: unknown): void => {
    if (status === null || status === undefined || status === 0n) return;
    const text = native("GetErrorMessage")(status);
    native("ReleaseStatus")(status);
    throw new OnnxRuntimeError(`${entry}: ${String(text)}`);
  };
  const call = (entry: Entry, ...values: unknown[]): void => check(entry, native(entry)(...values));
  const create = (entry: Entry, ...values: unknown[]): Handle => {
    const out = new BigUint64Array(1);
    call(entry, ...values, out);
    return out[0] ?? 0n;
  };
  const callAsync = (entry: Entry, ...values: unknown[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const done: Callback = (error, status) => {
        try {
          if (error) throw error;
          check(entry, status);
          resolve();
        } catch (failure) {
          reject(failure);
        }
      };
      native(entry).async(...values, done);
    });
  const endProfiling = (session: Handle): string => {
    const allocator = create("GetAllocatorWithDefaultOptions");
    const text = create("SessionEndProfiling", session, allocator);
    const path = koffi.decode(text, "char", -1) as string;
    call("AllocatorFree", allocator, text);
    return path;
  };
  const providers = (): string[] => {
    const list = new BigUint64Array(1);
    const count = new Int32Array(1);
    call("GetAvailableProviders", list, count);
    const names = koffi.decode(list[0], "const char *", count[0] ?? 0) as string[];
    call("ReleaseAvailableProviders", list[0], count[0]);
    return names;
  };
  const FATAL_ONLY = 4; // errors reach us as statuses, and warnings of the graph optimizer are for no user
  // Threads that wait for work spin for a while. Sessions with threads of their own would do so in each other's way
  // when they run in turns, as the stages of a step do.
  const threading = create("CreateThreadingOptions");
  call("SetGlobalIntraOpNumThreads", threading, availableParallelism());
  const env = create("CreateEnvWithGlobalThreadPools", FATAL_ONLY, "steepest", threading);
  native("ReleaseThreadingOptions")(threading);
  const ARENA = 1;
  const DEFAULT_MEMORY = 0;
  const cpuMemory = create("CreateCpuMemoryInfo", ARENA, DEFAULT_MEMORY);
  // The arena of sessions with `shareMemory`: one range of addresses, in which neighbours that are free become one again,
  // and which takes memory only where it was written. Blocks that are reused are cut to size: by default they keep up to
  // 128 MiB that nobody asked for.
  const NO_LIMIT = 0;
  const DOUBLING = 0;
  const FIRST_REGION = Math.min(2 ** 31 - 1, Math.floor(totalmem() / 2));
  const MOST_UNUSED = 64 * 1024;
  const arena = create("CreateArenaCfg", NO_LIMIT, DOUBLING, FIRST_REGION, MOST_UNUSED);
  call("CreateAndRegisterAllocator", env, cpuMemory, arena);
  native("ReleaseArenaCfg")(arena);
  return {
    version,
    libraryPath,
    env,
    cpuMemory,
    call,
    callAsync,
    create,
    release: (entry, handle) => void native(entry)(handle),
    providers,
    endProfiling,
  };
}
