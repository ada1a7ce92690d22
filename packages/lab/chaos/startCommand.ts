import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/steepest.js", import.meta.url));

/** A process of the command, with a group of its own. */
export interface Started {
  readonly child: ChildProcess;
  /** To the whole group; false where nobody is left. */
  signal(name: NodeJS.Signals): boolean;
  readonly ended: Promise<Ending>;
}

export interface Ending {
  /** Exit code, or the signal that ended it. */
  readonly how: number | NodeJS.Signals;
  readonly stderr: string;
}

/** Starts the command; `limit` is the size in KiB that files may have. */
export function startCommand(argv: readonly string[], limit?: number): Started {
  const command = [process.execPath, bin, ...argv];
  const [program = "", ...rest] =
    limit === undefined ? command : ["bash", "-c", `ulimit -f ${limit}; exec "$@"`, "bash", ...command];
  const child = spawn(program, rest, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.resume();
  const ended = new Promise<Ending>((resolve) => {
    child.on("close", (code, signal) => resolve({ how: signal ?? code ?? -1, stderr }));
  });
  const signal = (name: NodeJS.Signals): boolean => {
    try {
      return child.pid !== undefined && process.kill(-child.pid, name);
    } catch {
      return false;
    }
  };
  return { child, signal, ended };
}
