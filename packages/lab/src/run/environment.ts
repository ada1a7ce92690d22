import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism, cpus, totalmem } from "node:os";
import * as v from "valibot";

const packages = [
  "@jax-js/jax",
  "onnxruntime-node",
  "steepest",
  "@steepest/models",
  "@steepest/onnx",
  "@steepest/lab",
] as const;

/** Where and with what a run was made. */
export interface Environment {
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** The commit of the working directory, where it is a git checkout; `+changes` when it was not clean. */
  readonly gitCommit?: string;
}

/** As it stands in files. */
export const environmentSchema = v.object({
  node: v.string(),
  packages: v.record(v.string(), v.string()),
  os: v.string(),
  cpu: v.string(),
  cores: v.number(),
  memoryBytes: v.number(),
  gitCommit: v.exactOptional(v.string()),
});

export function describeEnvironment(): Environment {
  const commit = gitCommit();
  return {
    node: process.versions.node,
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
    os: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    ...(commit !== undefined && { gitCommit: commit }),
  };
}

/** The version in the nearest package.json of an installed package; `unknown` where it cannot be found. */
export function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const { version } = require(`${folder}/${name}/package.json`) as { version?: unknown };
      if (typeof version === "string") return version;
    } catch {} // not in this folder
  }
  return "unknown";
}

function gitCommit(): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      encoding: "utf8",
      timeout: 5000,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const commit = git("rev-parse", "HEAD");
    return git("status", "--porcelain", "--untracked-files=no") === "" ? commit : `${commit}+changes`;
  } catch {
    return undefined; // no git, or no repository
  }
}
