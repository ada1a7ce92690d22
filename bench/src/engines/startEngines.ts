import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { EngineProcess } from "./engineProcess.ts";
import type { BenchEngine } from "./protocol.ts";

/** PyTorch is not on this machine, or its script is not; the message says how to get it. */
export class NoPyTorchError extends Error {
  override readonly name = "NoPyTorchError";
}

/** How to start the process of an engine. */
export type StartEngineProcess = (engine: BenchEngine) => Promise<EngineProcess>;

/**
 * Starts engines as processes: ours as the command of this repository, PyTorch as `bench/pytorch-gpt.py` with `python`, or
 * with the first of `python3` and Debian's own that has torch.
 */
export const startEngineWith =
  (python: string | undefined): StartEngineProcess =>
  (engine) => {
    if (engine === "pytorch") return startPyTorch(pythons(python), ["bench/pytorch-gpt.py", "--serve"]);
    return EngineProcess.start(process.execPath, [
      above("packages/lab/bin/steepest.js"),
      "bench",
      "engine",
      "--child",
      engine,
    ]);
  };

/** The same for `bench optimizer`, with `bench/pytorch-optimizers.py`. */
export const startOptimizersWith =
  (python: string | undefined) =>
  (engine: "onnxruntime" | "pytorch"): Promise<EngineProcess> =>
    engine === "pytorch"
      ? startPyTorch(pythons(python), ["bench/pytorch-optimizers.py"])
      : EngineProcess.start(process.execPath, [
          above("packages/lab/bin/steepest.js"),
          "bench",
          "optimizer",
          "--child",
        ]);

const pythons = (given: string | undefined): readonly string[] =>
  given === undefined ? ["python3", "/usr/bin/python3"] : [given];

async function startPyTorch(
  candidates: readonly string[],
  [file, ...flags]: readonly [file: string, ...flags: string[]],
): Promise<EngineProcess> {
  const script = above(file);
  const reasons: string[] = [];
  for (const python of candidates) {
    try {
      return await EngineProcess.start(python, [script, ...flags]);
    } catch (error) {
      reasons.push(`${python}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const [reason = ""] = reasons.slice(-1);
  throw new NoPyTorchError(
    `PyTorch is left out, ${reason.replace(/Traceback.*(?=ModuleNotFoundError)/, "")}; to get it: ` +
      "apt-get install --no-install-recommends python3-torch libopenblas0-pthread, or --python FILE",
  );
}

/** A file of the package or of the repository around it: sources and built files lie at different depths. */
function above(path: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = join(folder, path);
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) {
      throw new NoPyTorchError(`${path} is not here: it is in the repository, not in the package`);
    }
  }
}
