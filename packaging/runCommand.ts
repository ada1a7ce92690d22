import { spawnSync } from "node:child_process";

interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end and returns what it printed. Throws with the whole output where it fails. */
export function runCommand(command: string, args: readonly string[], { cwd, env }: RunOptions): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} (in ${cwd}) ended with ${status}:\n${stdout}\n${stderr}`);
}
