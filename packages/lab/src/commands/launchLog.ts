import type { CommandIo } from "../text/commandIo.ts";

/** Lines of mpirun about itself stand between such lines. */
const RULE = /^-{60,}$/;

/**
 * What several processes and their launcher write: lines of the first rank are passed on, its last error is kept, and what the
 * launcher says of a process that died becomes one sentence.
 */
export class LaunchLog {
  readonly #io: CommandIo;
  readonly #rest = { out: "", err: "" };
  #framed = false;
  /** `rank 2 was killed (signal 9)`. */
  death: string | undefined;
  /** The error that rank 0 ended with, without `error: `, or the last line it said. */
  said: string | undefined;
  runDir: string | undefined;

  constructor(io: CommandIo) {
    this.#io = io;
  }

  out(text: string): void {
    for (const line of this.#lines("out", text)) this.#io.out(line);
  }

  err(text: string): void {
    for (const line of this.#lines("err", text)) this.#errLine(line);
  }

  /** The launcher has ended, perhaps by a signal. */
  end(killed: string | undefined): void {
    if (this.#rest.out !== "") this.out("\n");
    if (this.#rest.err !== "") this.err("\n");
    if (killed !== undefined) this.death ??= `mpirun was killed (${killed})`;
  }

  #lines(stream: "out" | "err", text: string): string[] {
    const lines = (this.#rest[stream] + text).split("\n");
    this.#rest[stream] = lines.pop() ?? "";
    return lines;
  }

  #errLine(line: string): void {
    if (RULE.test(line)) {
      this.#framed = !this.#framed;
      return;
    }
    const [, rank, signal] =
      /process rank (\d+) with PID .* exited on signal (\d+)/.exec(line) ?? // Open MPI
      /^=\s+KILLED BY SIGNAL: ()(\d+)/.exec(line) ?? // MPICH says no rank here
      /EXIT STRING: .*\(signal ()(\d+)\)/.exec(line) ??
      [];
    if (signal !== undefined)
      this.death ??= `${rank ? `rank ${rank}` : "one of the ranks"} was killed (signal ${signal})`;
    if (this.#framed || signal !== undefined || /^=(=|\s{3})/.test(line)) return;
    const [, error] = /^error: (.*)$/.exec(line) ?? /^(stopped after step .*)$/.exec(line) ?? [];
    this.said = error ?? line;
    if (error !== undefined || /^(stopping after this step .*|mpirun: Forwarding signal .*)?$/.test(line))
      return; // told once, by this process
    this.runDir = /^folder {5}(.*?)(?:, from step [\d,]+)?$/.exec(line)?.[1] ?? this.runDir;
    this.#io.err(line);
  }
}
