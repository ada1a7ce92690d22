import { InterruptedError } from "../text/interruptedError.ts";
import { shellWord } from "../text/shellWord.ts";

/** A comparison was asked to stop and did. What was made is kept. */
export class ComparisonInterruptedError extends InterruptedError {
  override readonly name = "ComparisonInterruptedError";

  constructor(what: string, folder: string) {
    super(`stopped: ${what}; go on with: steepest compare --resume ${shellWord(folder)}`);
  }
}
