import type { MpiAbiName } from "./mpiLibraries.ts";

/** One of several processes that a launcher started together. */
export interface LaunchedRank {
  readonly rank: number;
  readonly size: number;
  /** Ranks on this machine. */
  readonly local: number;
  /** The libraries that go with the launcher, the likeliest first. */
  readonly abis: readonly MpiAbiName[];
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Launcher {
  readonly rank: string;
  readonly size: string;
  readonly local: readonly string[];
  readonly abis: readonly MpiAbiName[];
}

/** What launchers tell their processes: mpirun of Open MPI, mpiexec of MPICH or `srun --mpi=pmi2`, `srun --mpi=pmix`. */
const launchers: readonly Launcher[] = [
  {
    rank: "OMPI_COMM_WORLD_RANK",
    size: "OMPI_COMM_WORLD_SIZE",
    local: ["OMPI_COMM_WORLD_LOCAL_SIZE"],
    abis: ["openMpi", "standard"],
  },
  {
    rank: "PMI_RANK",
    size: "PMI_SIZE",
    local: ["MPI_LOCALNRANKS"],
    abis: ["mpich", "standard", "openMpi"],
  },
  {
    rank: "PMIX_RANK",
    size: "SLURM_STEP_NUM_TASKS",
    local: [],
    abis: ["openMpi", "standard", "mpich"],
  },
];

/** Which of several ranks this process is; undefined where it was started alone. */
export function launchedRank(environment: Environment = process.env): LaunchedRank | undefined {
  for (const { rank, size, local, abis } of launchers) {
    const [own, all] = [environment[rank], environment[size]].map(Number);
    if (own === undefined || all === undefined || !Number.isInteger(own) || !(all > 1)) continue;
    const here = local.map((name) => Number(environment[name])).find((count) => count >= 1);
    return { rank: own, size: all, local: here ?? all, abis };
  }
  return undefined;
}
