import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readTextFile } from "../data/text/readTextFile.ts";
import { ConfigError } from "../model/configError.ts";

/** Where a trained model is. */
export interface PretrainedFolder {
  /** The `config.json` that describes it. */
  readonly file: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The folder of the weights. */
  readonly weights: string;
}

/**
 * Finds a model in a folder of Hugging Face, in a run folder (its latest checkpoint), in a checkpoint of one, or in an
 * export. Throws `ConfigError` where none of them is.
 */
export async function pretrainedFolder(folder: string): Promise<PretrainedFolder> {
  const own = join(folder, "config.json");
  const above = join(folder, "..", "..", "config.json");
  const isCheckpoint = /^step-\d+$/.test(basename(folder)) && basename(dirname(folder)) === "checkpoints";
  const file = (await isFile(own)) ? own : isCheckpoint && (await isFile(above)) ? above : undefined;
  if (file === undefined) {
    throw new ConfigError(
      `there is no ${own}: give the folder of a downloaded model, of a run, or of an export with weights`,
    );
  }
  const config = await readConfig(file);
  return { file, config, weights: (await latestCheckpoint(folder)) ?? folder };
}

/** Of a run; undefined for other folders. */
async function latestCheckpoint(folder: string): Promise<string | undefined> {
  const checkpoints = join(folder, "checkpoints");
  const names = await readdir(checkpoints).catch(() => undefined);
  if (names === undefined) return undefined;
  const steps = names.flatMap((name) => /^step-(\d{1,15})$/.exec(name)?.[1] ?? []).map(Number);
  if (steps.length === 0)
    throw new ConfigError(`${folder} has no checkpoint yet: let the run reach one, or give other weights`);
  return join(checkpoints, `step-${Math.max(...steps)}`);
}

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readTextFile(file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {}
  throw new ConfigError(`${file} is not a JSON object`);
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true;
