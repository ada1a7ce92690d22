import { InterruptedError } from "../text/interruptedError.ts";
import { shellWord } from "../text/shellWord.ts";

/** The run stopped because a number was not finite. The folder and its last checkpoint stay. */
export class NonFiniteLossError extends Error {
  override readonly name = "NonFiniteLossError";
  readonly step: number;
  readonly runDir: string;
  /** The last checkpoint with finite numbers, if there is one. */
  readonly checkpoint: string | undefined;

  constructor(step: number, what: string, runDir: string, checkpoint: string | undefined) {
    const where =
      checkpoint === undefined ? "there is no earlier checkpoint" : `last good checkpoint: ${checkpoint}`;
    super(`step ${step}: ${what}; ${where}. Try a smaller learning rate, a warm-up (--warmup) or --clip.`);
    this.step = step;
    this.runDir = runDir;
    this.checkpoint = checkpoint;
  }
}

/** The run was asked to stop and did, after writing a checkpoint. */
export class RunInterruptedError extends InterruptedError {
  override readonly name = "RunInterruptedError";
  readonly step: number;
  readonly runDir: string;

  constructor(step: number, runDir: string) {
    super(`stopped after step ${step}; go on with: steepest train --resume ${shellWord(runDir)}`);
    this.step = step;
    this.runDir = runDir;
  }
}
