import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/** A way to start several ranks on this machine, with more ranks than cores. */
export interface Launcher {
  readonly name: string;
  readonly command: string;
  readonly flags: readonly string[];
  readonly there: boolean;
  readonly enabledBy: string;
}

const answers = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

export const openMpi: Launcher = {
  name: "Open MPI",
  command: "mpirun.openmpi",
  flags: ["--oversubscribe", "--bind-to", "none", "-n"],
  there: answers("mpirun.openmpi"),
  enabledBy: "apt-get install openmpi-bin",
};

export const mpich: Launcher = {
  name: "MPICH",
  command: "mpiexec.hydra",
  flags: ["-n"],
  there: answers("mpiexec.hydra"),
  enabledBy: "apt-get install mpich",
};

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const tsx = createRequire(import.meta.url).resolve("tsx");

/** Without what an outer launcher told this process; Open MPI lets root start ranks only where it is told twice. */
const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...process.env,
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  ...more,
});

/** Starts `ranks` processes of `node ...argv` and waits for their end. */
export function mpirun(
  { command, flags }: Launcher,
  ranks: number,
  argv: readonly string[],
  { env = {} }: { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return ended(command, [...flags, String(ranks), process.execPath, ...argv], env);
}

/** The arguments of node for a TypeScript file. */
export const script = (path: string): string[] => ["--import", tsx, path];

/** Runs a program to its end. */
export function ended(command: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
