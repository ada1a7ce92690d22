import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { openQueue } from "../../src/queue/openQueue.ts";

/** A server of a queue that belongs to a test. */
export interface QueueServer {
  /** What `--queue` is given. */
  readonly url: string;
  /** As a power cut does. */
  kill(): Promise<void>;
  /** Again, with what is on the disk. Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

export interface QueueKind {
  readonly name: string;
  readonly isThere: boolean;
  /** What would make it be there. */
  readonly enabledBy: string;
  readonly begin: () => Promise<QueueServer>;
}

const postgresFolder = "/usr/lib/postgresql";
const postgresBin = existsSync(postgresFolder)
  ? readdirSync(postgresFolder)
      .map((version) => join(postgresFolder, version, "bin"))
      .find((bin) => existsSync(join(bin, "initdb")) && existsSync(join(bin, "postgres")))
  : undefined;

/** The kinds of queues, each with a way to start one for a test. */
export const queueKinds: readonly QueueKind[] = [
  { name: "a folder", isThere: true, enabledBy: "", begin: beginFolder },
  {
    name: "Redis",
    isThere: isInstalled("redis-server"),
    enabledBy: "apt-get install redis-server",
    begin: beginRedis,
  },
  {
    name: "Postgres",
    isThere: postgresBin !== undefined,
    enabledBy: "apt-get install postgresql",
    begin: beginPostgres,
  },
];

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function beginFolder(): Promise<QueueServer> {
  const folder = mkdtempSync(join(tmpdir(), "steepest-queue-"));
  return {
    url: folder,
    kill: async () => {},
    start: async () => {},
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function beginRedis(): Promise<QueueServer> {
  const folder = mkdtempSync(join(tmpdir(), "steepest-redis-"));
  const port = await freePort();
  // Every change is on the disk before it is acknowledged.
  const kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  return server(folder, `redis://127.0.0.1:${port}`, () =>
    spawn("redis-server", ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, ...kept], {
      stdio: "ignore",
    }),
  );
}

/** Of the user `nobody`, whom Debian has everywhere: Postgres refuses to run as root. */
const NOBODY = 65534;

async function beginPostgres(): Promise<QueueServer> {
  const folder = mkdtempSync(join(tmpdir(), "steepest-postgres-"));
  const data = join(folder, "data");
  mkdirSync(data);
  const asRoot = process.getuid?.() === 0;
  if (asRoot) for (const path of [folder, data]) chownSync(path, NOBODY, NOBODY);
  const user = asRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const bin = postgresBin ?? "";
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "steepest", "--auth=trust", "--no-sync"], {
    stdio: "ignore",
    cwd: folder,
    ...user,
  });
  const port = await freePort();
  const flags = ["-D", data, "-p", `${port}`, "-k", folder, "-c", "listen_addresses=127.0.0.1"];
  return server(folder, `postgres://steepest@127.0.0.1:${port}/postgres`, () =>
    spawn(join(bin, "postgres"), flags, { stdio: "ignore", cwd: folder, ...user }),
  );
}

async function server(folder: string, url: string, launch: () => ChildProcess): Promise<QueueServer> {
  let child = launch();
  const gone = (): Promise<void> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.once("exit", () => resolve()));
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const over = gone();
    child.kill(signal);
    await over;
  };
  await answers(url);
  return {
    url,
    kill: () => kill("SIGKILL"),
    async start() {
      child = launch();
      await answers(url);
    },
    async remove() {
      await kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await (await openQueue(url)).close();
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await setTimeout(200);
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
