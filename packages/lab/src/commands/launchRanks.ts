import { spawn, spawnSync } from "node:child_process";

import { MpiError } from "../collectives/mpiError.ts";
import { mpiAbis } from "../collectives/mpiLibraries.ts";
import { UsageError } from "../plan/usageError.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { InterruptedError } from "../text/interruptedError.ts";
import { formatCountOf } from "../text/quantities.ts";
import { shellWord } from "../text/shellWord.ts";
import { STOPPED } from "../text/stopSignals.ts";
import type { AskedRanks } from "./askedRanks.ts";
import { LaunchLog } from "./launchLog.ts";

/**
 * Has `mpirun` start this command line in several processes on this machine, shows what the first of them says, and ends as it
 * does. A process that dies ends them all; then the run goes on from its latest checkpoint, `restarts` times.
 *
 * Throws `MpiError` where there is no mpirun, and a sentence that says which process died and how to go on.
 */
export async function launchRanks({ ranks, restarts }: AskedRanks, io: CommandIo): Promise<void> {
  io.listen("stopping after this step and a checkpoint");
  let argv = withoutOwn(process.argv.slice(1));
  for (let left = restarts; ; left--) {
    const log = new LaunchLog(io);
    const code = await runOnce(ranks, argv, io, log);
    if (code === 0) return;
    const { death, said, runDir } = log;
    if (code === STOPPED) throw new InterruptedError(`${said} --ranks ${ranks}`);
    if (death === undefined) throw ofCode(code, said ?? `mpirun ended with code ${code}`);
    const [script = ""] = argv;
    const resume =
      runDir === undefined ? undefined : `steepest train --resume ${shellWord(runDir)} --ranks ${ranks}`;
    if (io.signal.aborted) throw new InterruptedError(`stopped: ${death}`);
    const whatNow = resume === undefined ? "it had not begun: start it again" : `go on with: ${resume}`;
    if (left === 0 || runDir === undefined) throw new Error(`${death}: the run ended; ${whatNow}`);
    io.err(
      `${death}: starting again from the latest checkpoint (${formatCountOf(left - 1, "restart")} left)`,
    );
    argv = [script, "train", "--resume", runDir, ...kept(argv)];
  }
}

function runOnce(
  ranks: number,
  argv: readonly string[],
  { signal }: CommandIo,
  log: LaunchLog,
): Promise<number> {
  const flags = [...launcherFlags(), "-n", String(ranks)];
  // A group of its own: Ctrl-C in a terminal comes to this process alone, which passes it on.
  const child = spawn("mpirun", [...flags, process.execPath, ...process.execArgv, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child.stdout.on("data", (data: Buffer) => log.out(data.toString("utf8")));
  child.stderr.on("data", (data: Buffer) => log.err(data.toString("utf8")));
  const stop = (): unknown => child.kill("SIGUSR2");
  signal.addEventListener("abort", stop, { once: true });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, killed) => {
      signal.removeEventListener("abort", stop);
      log.end(killed ?? undefined);
      resolve(code ?? 1);
    });
  });
}

/** What mpirun of this machine wants to hear. Throws `MpiError` where there is none. */
function launcherFlags(): string[] {
  const asked = spawnSync("mpirun", ["--version"], { encoding: "utf8" });
  if (asked.status !== 0) {
    throw new MpiError(`--ranks needs mpirun, which is not installed: ${mpiAbis.openMpi.install}`);
  }
  if (!/Open MPI/.test(asked.stdout)) return [];
  const root = process.getuid?.() === 0 ? ["--allow-run-as-root"] : [];
  return [...root, "--oversubscribe", "--bind-to", "none"];
}

/** The command line without what is for the launcher alone. */
function withoutOwn(argv: readonly string[]): string[] {
  const own = ["--ranks", "--restarts"];
  return argv.filter((word, i) => {
    const before = argv[i - 1] ?? "";
    return !own.includes(word) && !own.includes(before) && !own.some((flag) => word.startsWith(`${flag}=`));
  });
}

/** Flags that go with --resume. */
function kept(argv: readonly string[]): string[] {
  const threads = argv.indexOf("--threads");
  return [
    ...(argv.includes("--json") ? ["--json"] : []),
    ...(threads < 0 ? [] : argv.slice(threads, threads + 2)),
    ...argv.filter((word) => word.startsWith("--threads=")),
  ];
}

/** The error of a rank, as of this process. */
function ofCode(code: number, message: string): Error {
  return code === 2 ? new UsageError(message) : new Error(message);
}
