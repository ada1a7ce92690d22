import koffi, { type LibraryHandle } from "koffi";

import type { LaunchedRank } from "./launchedRank.ts";
import { MpiError } from "./mpiError.ts";
import { type MpiAbi, mpiAbis } from "./mpiLibraries.ts";

/** A library and how to call it. */
export interface LoadedMpi {
  readonly library: LibraryHandle;
  readonly abi: MpiAbi;
  readonly file: string;
}

/**
 * UCX, which carries the messages of many builds of MPI, rewrites `mmap` and its kin in the running process to hear of memory, while
 * threads of V8 are at work in them. With Debian's MPICH about one start in eight ended with a segmentation fault, and none of 14
 * since this is off; the cause is likely but not proven. Without it, memory for network cards is registered anew for each
 * message. To be said before the library is loaded; who set it keeps it.
 */
function leaveMemoryAlone(): void {
  process.env.UCX_MEM_EVENTS ??= "no";
}

/**
 * The MPI library that goes with who started this process, or the one that STEEPEST_MPI names. Throws `MpiError` with what to
 * install where there is none.
 */
export function loadMpi(
  { abis }: Pick<LaunchedRank, "abis">,
  named: string | undefined = process.env.STEEPEST_MPI,
): LoadedMpi {
  leaveMemoryAlone();
  if (named !== undefined && named !== "") return loadNamed(named);
  const candidates = abis.flatMap((name) => {
    const abi: MpiAbi = mpiAbis[name];
    return (abi.files[process.platform] ?? []).map((file) => ({ abi, file }));
  });
  for (const { abi, file } of candidates) {
    try {
      return { library: koffi.load(file), abi, file };
    } catch {} // the next candidate
  }
  const [first = "openMpi"] = abis;
  const tried = candidates.map(({ file }) => file).join(", ");
  throw new MpiError(
    `no MPI library could be loaded (${tried === "" ? `none is known on ${process.platform}` : `tried ${tried}`}): ` +
      `${mpiAbis[first].install}; one elsewhere is named by the environment variable STEEPEST_MPI`,
  );
}

function loadNamed(file: string): LoadedMpi {
  let library: LibraryHandle;
  try {
    library = koffi.load(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MpiError(`STEEPEST_MPI names ${file}, which cannot be loaded: ${why}`, { cause: error });
  }
  if (/mpi_abi/.test(file)) return { library, abi: mpiAbis.standard, file };
  try {
    library.symbol("ompi_mpi_comm_world", "void");
    return { library, abi: mpiAbis.openMpi, file };
  } catch {
    return { library, abi: mpiAbis.mpich, file };
  }
}
