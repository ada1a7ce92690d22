import type { Buffer, Collectives } from "./collectives.ts";
import type { LaunchedRank } from "./launchedRank.ts";
import { loadMpi } from "./loadMpi.ts";
import { MpiError } from "./mpiError.ts";

/** Floats of a message: large enough for the bandwidth, small enough to stay in the cache while it is summed. */
const CHUNK = 2 ** 18;

/** Longer than any version text (MPI_MAX_LIBRARY_VERSION_STRING). */
const VERSION_BYTES = 8192;

/** The tag of every message from rank to rank. */
const TAG = 77;

type MpiFunction = (...values: unknown[]) => void;

/**
 * Joins the ranks that were started together, through MPI. To be called once, and `finalize` at the end of each rank.
 * Throws `MpiError` where there is no library, or where it belongs to another MPI than what started the ranks.
 */
export function joinRanks(launched: LaunchedRank): Collectives {
  const { library, abi, file } = loadMpi(launched);
  const { world, byte, float, double, sum } = abi.handles(library);
  const handle = abi.handleType;
  const declare = (name: string, ...types: string[]): MpiFunction => {
    const native = library.func(name, "int", types);
    return (...values) => {
      const code: unknown = native(...values);
      if (code !== 0) throw new MpiError(`${name} of ${file} failed with code ${code}`);
    };
  };
  const init = declare("MPI_Init", "void *", "void *");
  const commRank = declare("MPI_Comm_rank", handle, "void *");
  const commSize = declare("MPI_Comm_size", handle, "void *");
  const version = declare("MPI_Get_library_version", "void *", "void *");
  const bcast = declare("MPI_Bcast", "void *", "int", handle, "int", handle);
  const gather = declare(
    "MPI_Gather",
    ...["void *", "int", handle],
    ...["void *", "int", handle],
    ...["int", handle],
  );
  const allgather = declare(
    "MPI_Allgather",
    ...["void *", "int", handle],
    ...["void *", "int", handle],
    handle,
  );
  const reduceLocal = declare("MPI_Reduce_local", "void *", "void *", "int", handle, handle);
  const send = declare("MPI_Send", "void *", "int", handle, "int", "int", handle);
  const receive = declare("MPI_Recv", "void *", "int", handle, "int", "int", handle, "intptr_t");
  const barrier = declare("MPI_Barrier", handle);
  const abort = declare("MPI_Abort", handle, "int");
  const finalize = declare("MPI_Finalize");

  init(null, null);
  const found = new Int32Array(1);
  const numberOf = (ask: MpiFunction): number => {
    ask(world, found);
    return found[0] ?? 0;
  };
  const [rank, size] = [numberOf(commRank), numberOf(commSize)];
  if (size !== launched.size) {
    throw new MpiError(
      `${launched.size} processes were started together, and ${file} knows of ${size}: it belongs to another MPI than ` +
        "the program that started them; name the right library in the environment variable STEEPEST_MPI",
    );
  }
  const text = new Uint8Array(VERSION_BYTES);
  version(text, found);

  /** Of the ranks' parts of a sum, one after the other. */
  const parts = new Float32Array(size * CHUNK);

  return {
    rank,
    size,
    library: shortVersion(new TextDecoder().decode(text.subarray(0, found[0])), abi.name),
    broadcast(root, data) {
      for (const piece of bytePieces(data)) bcast(piece, piece.length, byte, root, world);
    },
    sumTo(root, data, into) {
      if (rank === root && into?.length !== data.length) throw new Error("internal: a sum of another length");
      for (let from = 0; from < data.length; from += CHUNK) {
        const count = Math.min(CHUNK, data.length - from);
        gather(data.subarray(from, from + count), count, float, parts, count, float, root, world);
        if (rank !== root || into === undefined) continue;
        const total = into.subarray(from, from + count);
        total.set(parts.subarray(0, count));
        for (let other = 1; other < size; other++) {
          reduceLocal(parts.subarray(other * count, (other + 1) * count), total, count, float, sum);
        }
      }
    },
    allGather(numbers) {
      const count = numbers.length;
      const all = new Float64Array(size * count);
      if (count > 0) allgather(Float64Array.from(numbers), count, double, all, count, double, world);
      return Array.from({ length: size }, (_, other) => [
        ...all.subarray(other * count, (other + 1) * count),
      ]);
    },
    move(from, to, data) {
      if (from === to) return;
      for (const piece of bytePieces(data)) {
        if (rank === from) send(piece, piece.length, byte, to, TAG, world);
        if (rank === to) receive(piece, piece.length, byte, from, TAG, world, abi.statusIgnore);
      }
    },
    barrier: () => barrier(world),
    abort: (code) => abort(world, code),
    finalize: () => finalize(),
  };
}

/** The same memory in pieces of a chunk. */
function bytePieces({ buffer, byteOffset, byteLength }: Buffer): Uint8Array[] {
  const whole = new Uint8Array(buffer, byteOffset, byteLength);
  const step = 4 * CHUNK;
  return Array.from({ length: Math.ceil(byteLength / step) }, (_, i) =>
    whole.subarray(i * step, (i + 1) * step),
  );
}

/** `Open MPI v4.1.4` of a text with origins and dates. */
function shortVersion(text: string, name: string): string {
  const [, version] = /(?:Version:\s*|v)(\d+(?:\.\w+)*)/.exec(text) ?? [];
  const maker = /^Open MPI/.test(text) ? "Open MPI" : /MPICH/.test(text) ? "MPICH" : name;
  return version === undefined ? maker : `${maker} ${version}`;
}
