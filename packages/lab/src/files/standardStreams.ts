import { terminalText } from "../text/terminalText.ts";
import { fileError, hasCode } from "./fileError.ts";

export interface StandardStreams {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** What became of lines to stdout that could not be written, in a sentence. */
  fault(): string | undefined;
}

/**
 * Lines to stdout and stderr that end nothing: a reader may go away (`| head -1`), a terminal close, a disk fill up. With
 * `endWithReader` a command that only prints ends when nobody reads its results any more.
 */
export function standardStreams({ endWithReader }: { readonly endWithReader: boolean }): StandardStreams {
  let fault: string | undefined;
  const lost = (error: unknown): void => {
    if (!hasCode(error, "EPIPE")) {
      const told = fileError("write to", "stdout", error);
      fault ??= told instanceof Error ? told.message : String(told);
    } else if (endWithReader) process.exit(0);
  };
  process.stdout.on("error", lost);
  process.stderr.on("error", () => {}); // nobody is left to tell
  return {
    out: (line) => write(process.stdout, line, lost),
    err: (line) => write(process.stderr, line, () => {}),
    fault: () => fault,
  };
}

/** To a terminal without what would steer it; a file or another program gets the line as it is. */
function write(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  line: string,
  lost: (error: unknown) => void,
): void {
  try {
    stream.write(`${stream.isTTY === true ? terminalText(line) : line}\n`);
  } catch (error) {
    lost(error); // files are written at once, and throw
  }
}
