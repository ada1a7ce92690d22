import type { CompareRow } from "../compare/compareRow.ts";
import type { Trial } from "./trial.ts";

/** Who makes the trials of a sweep: this machine, or workers that take them from a queue. */
export interface Launcher {
  /** Trials handed over at the same time. */
  readonly atOnce: number;
  /**
   * Makes a trial, or has it made, and returns how it ended; one that diverges or fails is an ending, too. Undefined: it has not
   * ended, and nobody waits for it any longer.
   */
  make(trial: Trial): Promise<CompareRow | undefined>;
  /** The ending of a trial is on the disk: nobody else needs to keep it. */
  kept?(trial: Trial): void;
}
