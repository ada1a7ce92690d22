import type { RunObserver } from "../plan/runObserver.ts";
import type { LedRanks } from "./ranks/leadRanks.ts";

/** Where a run writes, who watches it, and how it is asked to stop. */
export interface RunIo {
  /** The run folder; must not exist yet or be empty. Default `runs/<date>-<optimizer>-<seed>`. */
  readonly out?: string;
  readonly observer?: RunObserver;
  /** When aborted, the run finishes its step, writes a checkpoint and rejects with `RunInterruptedError`. */
  readonly signal?: AbortSignal;
  /** Who makes the run together with this process. Default: nobody. */
  readonly ranks?: LedRanks | undefined;
}
