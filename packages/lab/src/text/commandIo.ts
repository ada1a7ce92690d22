/** What a command may touch besides files. */
export interface CommandIo {
  /** A line to stdout: results. With `--json`, the last one is one JSON object (or array). */
  readonly out: (line: string) => void;
  /** A line to stderr: progress and remarks. */
  readonly err: (line: string) => void;
  /** stderr is a terminal that can redraw. */
  readonly interactive: boolean;
  /** Aborted by the first Ctrl-C. A second one ends the process. */
  readonly signal: AbortSignal;
}
