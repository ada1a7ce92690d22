/** What a command may touch besides files. */
export interface CommandIo {
  /** A line to stdout: results. With `--json`, the last one is one JSON object (or array). */
  readonly out: (line: string) => void;
  /** A line to stderr: progress and remarks. */
  readonly err: (line: string) => void;
  /** stderr is a terminal that can redraw. */
  readonly interactive: boolean;
  /** Aborted by the first Ctrl-C after `listen`. A second one ends the process. */
  readonly signal: AbortSignal;
  /**
   * Call it when there is something to save: until then the system ends the process at the first Ctrl-C, in the middle of
   * whatever it computes. `what` is what the process does then, as in "stopping after this file".
   */
  readonly listen: (what: string) => void;
}
