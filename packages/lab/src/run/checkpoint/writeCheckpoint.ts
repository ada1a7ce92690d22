import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { encodeSafetensors } from "@steepest/models";
import { sha256, syncFolder, writeDurably } from "@steepest/models/node";
import type { HostTensors } from "../../engine/hostTensor.ts";
import type { SavedRun } from "../../engine/trainingEngine.ts";
import { fileError } from "../../files/fileError.ts";
import { checkpointFolder, checkpointsFolder, listCheckpoints } from "../../files/listCheckpoints.ts";
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
  const parent = checkpointsFolder(runDir);
  const target = checkpointFolder(runDir, step);
  const beside = join(parent, `.step-${step}.${process.pid}.tmp`);
  try {
    mkdirSync(parent, { recursive: true });
    rmSync(beside, { recursive: true, force: true });
    mkdirSync(beside);
    const files = {
      "params.safetensors": writeTensors(join(beside, "params.safetensors"), params),
      "optimizer.safetensors": writeTensors(join(beside, "optimizer.safetensors"), state),
      ...(Object.keys(statistics).length > 0 && {
        "statistics.safetensors": writeTensors(join(beside, "statistics.safetensors"), statistics),
      }),
    };
    const meta = encodeMeta({ format: 1, step, seconds, tokens, files });
    writeDurably(join(beside, "meta.json"), [new TextEncoder().encode(meta)]);
    syncFolder(beside);
    rmSync(target, { recursive: true, force: true }); // only after a resume from before it
    renameSync(beside, target);
    syncFolder(parent);
  } catch (error) {
    removeQuietly(beside);
    throw fileError("write the checkpoint", target, error);
  }
  for (const old of listCheckpoints(runDir).slice(0, -keep)) removeQuietly(checkpointFolder(runDir, old));
  return target;
}

function writeTensors(path: string, tensors: HostTensors): { bytes: number; sha256: string } {
  const pieces = encodeSafetensors(tensors);
  writeDurably(path, pieces);
  return { bytes: pieces.reduce((sum, piece) => sum + piece.length, 0), sha256: sha256(...pieces) };
}

/** Leftovers do no harm, and the error that led here matters more. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}
