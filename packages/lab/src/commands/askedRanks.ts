import type { LaunchedRank } from "../collectives/launchedRank.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import type { TrainFlags } from "./trainFlags.ts";

/** How many processes are to train together. */
export interface AskedRanks {
  readonly ranks: number;
  /** Whether `--ranks` was given. */
  readonly given: boolean;
  /** How often to start again when one dies. */
  readonly restarts: number;
}

/** Reads `--ranks` and `--restarts`. Throws `UsageError` where a launcher started another number of processes. */
export function askedRanks(flags: TrainFlags, launched: LaunchedRank | undefined): AskedRanks {
  const ranks = numberFlag("--ranks", flags.ranks, { least: 1, most: 4096, whole: true });
  const restarts = numberFlag("--restarts", flags.restarts, { least: 0, whole: true });
  if (launched !== undefined && ranks !== undefined && ranks !== launched.size) {
    throw new UsageError(
      `--ranks ${ranks}, but ${launched.size} processes were started together: leave --ranks out, mpirun decides`,
    );
  }
  if (restarts !== undefined && (launched !== undefined || (ranks ?? 1) === 1)) {
    throw new UsageError(
      "--restarts goes with --ranks N, N ≥ 2: what mpirun started ends with the process that died",
    );
  }
  return { ranks: ranks ?? 1, given: ranks !== undefined, restarts: restarts ?? 0 };
}
