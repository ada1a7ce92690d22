import type { Buffer, Collectives, OwnedFloats } from "./collectives.ts";
import { FloatStream } from "./floatStream.ts";
import type { LaunchedRank } from "./launchedRank.ts";
import { loadMpi } from "./loadMpi.ts";
import { MpiError } from "./mpiError.ts";

/** Floats of a message to one rank: large enough for the bandwidth, small enough to stay in the cache while it is summed. */
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
  const alltoallv = declare(
    "MPI_Alltoallv",
    ...["void *", "void *", "void *", handle],
    ...["void *", "void *", "void *", handle],
    handle,
  );
  const allgatherv = declare(
    "MPI_Allgatherv",
    ...["void *", "int", handle],
    ...["void *", "void *", "void *", handle],
    handle,
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

  /** A chunk to or of every rank, one after the other. */
  const [sent, received] = [new Float32Array(size * CHUNK), new Float32Array(size * CHUNK)];
  const places = Int32Array.from({ length: size }, (_, other) => other * CHUNK);
  const placeOf = (chunks: Float32Array, other: number, count = 0): Float32Array =>
    chunks.subarray(other * CHUNK, other * CHUNK + count);
  /** What each rank owns of a list, as one stream, and in how many rounds of a chunk each all of it is through. */
  const streamsOf = (list: readonly OwnedFloats[]) => {
    const streams = Array.from(
      { length: size },
      (_, other) => new FloatStream(list.flatMap(({ owner, data }) => (owner === other ? [data] : []))),
    );
    return { streams, rounds: Math.ceil(Math.max(0, ...streams.map(({ length }) => length)) / CHUNK) };
  };
  const countsAt = (streams: readonly FloatStream[], from: number): Int32Array =>
    Int32Array.from(streams, ({ length }) => Math.max(0, Math.min(CHUNK, length - from)));

  return {
    rank,
    size,
    library: shortVersion(new TextDecoder().decode(text.subarray(0, found[0])), abi.name),
    broadcast(root, data) {
      for (const piece of bytePieces(data)) bcast(piece, piece.length, byte, root, world);
    },
    sumToOwners(sums) {
      const { streams, rounds } = streamsOf(sums);
      const own = new FloatStream(
        sums.flatMap(({ owner, data, into }) => {
          if (owner !== rank) return [];
          if (into?.length !== data.length) throw new Error("internal: a sum of another length");
          return [into];
        }),
      );
      for (let from = 0; from < rounds * CHUNK; from += CHUNK) {
        const counts = countsAt(streams, from);
        const count = counts[rank] ?? 0;
        for (const [other, stream] of streams.entries())
          stream.read(from, placeOf(sent, other, counts[other]));
        const ofEach = new Int32Array(size).fill(count);
        alltoallv(sent, counts, places, float, received, ofEach, places, float, world);
        const total = placeOf(received, 0, count);
        for (let other = 1; other < size; other++)
          reduceLocal(placeOf(received, other, count), total, count, float, sum);
        own.write(from, total);
      }
    },
    copyFromOwners(copies) {
      const { streams, rounds } = streamsOf(copies);
      for (let from = 0; from < rounds * CHUNK; from += CHUNK) {
        const counts = countsAt(streams, from);
        const mine = placeOf(sent, 0, counts[rank]);
        streams[rank]?.read(from, mine);
        allgatherv(mine, mine.length, float, received, counts, places, float, world);
        for (const [other, stream] of streams.entries())
          if (other !== rank) stream.write(from, placeOf(received, other, counts[other]));
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
