import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { EngineProcess } from "./engineProcess.ts";
import { type BenchEngine, isPeer, type PeerEngine } from "./protocol.ts";

/** A peer is not on this machine, or its script is not; the message says how to get it. */
export class NoPeerError extends Error {
  override readonly name = "NoPeerError";
}

/** How to start the process of an engine. */
export type StartEngineProcess = (engine: BenchEngine) => Promise<EngineProcess>;

/** The script of a peer with its flags, and the name under which people know it. */
const peers: Readonly<Record<PeerEngine, readonly [title: string, script: string, ...flags: string[]]>> = {
  pytorch: ["PyTorch", "pytorch_gpt.py"],
  "pytorch-compile": ["PyTorch's compiler", "pytorch_gpt.py", "--compile"],
  "pytorch-bf16": ["PyTorch in bfloat16", "pytorch_gpt.py", "--bf16"],
  "jax-xla": ["JAX", "jax_gpt.py"],
};

/**
 * Starts engines as processes: ours as the command of this repository, peers as scripts of `bench/peers` with `python`, or
 * with the first that has the library of: that of `npm run peers`, `python3`, Debian's own.
 */
export const startEngineWith =
  (python: string | undefined): StartEngineProcess =>
  (engine) => {
    if (isPeer(engine)) return startPeer(pythons(python), ...peers[engine]);
    return EngineProcess.start(process.execPath, [
      above("packages/lab/bin/steepest.js"),
      "bench",
      "engine",
      "--child",
      engine,
    ]);
  };

/** The same for `bench optimizer`, with `bench/peers/pytorch_optimizers.py`. */
export const startOptimizersWith =
  (python: string | undefined) =>
  (engine: "onnxruntime" | "pytorch"): Promise<EngineProcess> =>
    engine === "pytorch"
      ? startPeer(pythons(python), "PyTorch", "pytorch_optimizers.py")
      : EngineProcess.start(process.execPath, [
          above("packages/lab/bin/steepest.js"),
          "bench",
          "optimizer",
          "--child",
        ]);

function pythons(given: string | undefined): readonly string[] {
  if (given !== undefined) return [given];
  const own = join(
    above("bench/peers"),
    "venv",
    process.platform === "win32" ? "Scripts/python.exe" : "bin/python",
  );
  return [...(existsSync(own) ? [own] : []), "python3", "/usr/bin/python3"];
}

async function startPeer(
  candidates: readonly string[],
  title: string,
  file: string,
  ...flags: readonly string[]
): Promise<EngineProcess> {
  const script = above(`bench/peers/${file}`);
  const reasons: string[] = [];
  for (const python of candidates) {
    try {
      return await EngineProcess.start(python, [script, ...flags]);
    } catch (error) {
      reasons.push(`${python}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  // The first is the one that `npm run peers` made, where there is one: what it says is what can be mended.
  const [reason = ""] = reasons;
  const unable = /this processor has no .*/.exec(reason)?.[0];
  if (unable !== undefined) throw new NoPeerError(`${title} is left out: ${unable}`);
  throw new NoPeerError(
    `${title} is left out, ${reason.replace(/Traceback.*(?=ModuleNotFoundError)/, "")}; to get it: npm run peers, or --python FILE`,
  );
}

/** A file of the package or of the repository around it: sources and built files lie at different depths. */
function above(path: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = join(folder, path);
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) {
      throw new NoPeerError(`${path} is not here: it is in the repository, not in the package`);
    }
  }
}
