import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { encodeSafetensors } from "@steepest/models";
import { sha256, writeDurably } from "@steepest/models/node";
import type { HostTensors } from "../../engine/hostTensor.ts";
import type { SavedRun } from "../../engine/trainingEngine.ts";
import { fileError } from "../../files/fileError.ts";
import { checkpointFolder, checkpointsFolder, listCheckpoints } from "../../files/listCheckpoints.ts";
import { removeQuietly } from "../../files/removeQuietly.ts";
import { writeFolder } from "../../files/writeFolder.ts";
import { encodeMeta } from "./checkpointMeta.ts";

export interface CheckpointProgress {
  readonly step: number;
  readonly seconds: number;
  readonly tokens: number;
}

/**
 * Writes `checkpoints/step-N/`: a folder beside it first, every file flushed to the disk, then renamed, so that
 * a kill at any moment leaves whole checkpoints only. Afterwards removes all but the latest `keep`.
 * Returns the folder. Throws `FileError`; then nothing of the new checkpoint is left and the old ones are.
 */
export function writeCheckpoint(
  runDir: string,
  { params, state, statistics = {} }: SavedRun,
  { step, seconds, tokens }: CheckpointProgress,
  keep: number,
): string {
  const target = checkpointFolder(runDir, step);
  try {
    mkdirSync(checkpointsFolder(runDir), { recursive: true });
  } catch (error) {
    throw fileError("write the checkpoint", target, error);
  }
  const fill = (beside: string): void => {
    const files = {
      "params.safetensors": writeTensors(join(beside, "params.safetensors"), params),
      "optimizer.safetensors": writeTensors(join(beside, "optimizer.safetensors"), state),
      ...(Object.keys(statistics).length > 0 && {
        "statistics.safetensors": writeTensors(join(beside, "statistics.safetensors"), statistics),
      }),
    };
    const meta = encodeMeta({ format: 1, step, seconds, tokens, files });
    writeDurably(join(beside, "meta.json"), [new TextEncoder().encode(meta)]);
  };
  // There is one already only after a resume from before it.
  writeFolder(target, "write the checkpoint", fill, { replace: true });
  for (const old of listCheckpoints(runDir).slice(0, -keep)) removeQuietly(checkpointFolder(runDir, old));
  return target;
}

function writeTensors(path: string, tensors: HostTensors): { bytes: number; sha256: string } {
  const pieces = encodeSafetensors(tensors);
  writeDurably(path, pieces);
  return { bytes: pieces.reduce((sum, piece) => sum + piece.length, 0), sha256: sha256(...pieces) };
}
