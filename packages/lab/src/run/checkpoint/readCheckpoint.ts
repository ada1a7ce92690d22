import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeSafetensors } from "@steepest/models";
import { sha256 } from "@steepest/models/node";

import type { HostTensors } from "../../engine/hostTensor.ts";
import type { SavedRun } from "../../engine/trainingEngine.ts";
import { CheckpointError } from "../../files/checkpointError.ts";
import { expectFormat } from "../../files/expectFormat.ts";
import { fileError, hasCode } from "../../files/fileError.ts";
import { type CheckpointMeta, decodeMeta } from "./checkpointMeta.ts";

/** Larger is no `meta.json` of ours. */
const LONGEST_META = 65_536;

/**
 * Reads a checkpoint folder. Sizes and checksums of all files are compared before a tensor is made, so that a
 * truncated or altered file is an error that names it. Throws `CheckpointError`.
 */
export function readCheckpoint(folder: string): { meta: CheckpointMeta; snapshot: SavedRun } {
  const metaFile = join(folder, "meta.json");
  const text = read(metaFile, (bytes) => bytes <= LONGEST_META);
  if (text !== undefined) expectKnownFormat(text.toString("utf8"), metaFile);
  const meta = text && decodeMeta(text.toString("utf8"));
  if (meta === undefined) throw damaged(metaFile, "its content does not fit its checksum");
  return {
    meta,
    snapshot: {
      params: readTensors(folder, "params.safetensors", meta),
      state: readTensors(folder, "optimizer.safetensors", meta),
      ...(meta.files["statistics.safetensors"] !== undefined && {
        statistics: readTensors(folder, "statistics.safetensors", meta),
      }),
    },
  };
}

/** Throws `CheckpointError` for one of a later version: it is not damaged, unless it is the number that is. */
function expectKnownFormat(text: string, path: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return; // damaged, which is said with its checksum
  }
  try {
    expectFormat(value, 1, path);
  } catch (error) {
    throw new CheckpointError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readTensors(folder: string, name: keyof CheckpointMeta["files"], meta: CheckpointMeta): HostTensors {
  const path = join(folder, name);
  const expected = meta.files[name];
  if (expected === undefined) throw damaged(path, "the checkpoint does not mention it");
  const bytes = read(path, (found) => found === expected.bytes);
  if (bytes === undefined) throw damaged(path, `it should have ${expected.bytes} bytes`);
  if (sha256(bytes) !== expected.sha256) throw damaged(path, "its content does not fit its checksum");
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    throw damaged(path, error instanceof Error ? error.message : String(error));
  }
}

/** The file's bytes, or undefined when its size is not as it should be. */
function read(path: string, sizeIsRight: (bytes: number) => boolean): Buffer | undefined {
  try {
    return sizeIsRight(statSync(path).size) ? readFileSync(path) : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw damaged(path, "it is missing");
    throw fileError("read", path, error);
  }
}

function damaged(path: string, what: string): CheckpointError {
  return new CheckpointError(`checkpoint file ${path} is damaged: ${what}`);
}
