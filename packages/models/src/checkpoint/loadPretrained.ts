import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tree } from "steepest";
import { replaceFile } from "../files/replaceFile.ts";
import { ConfigError } from "../model/configError.ts";
import type { LanguageModel } from "../model/model.ts";
import { exportWeights } from "./exportWeights.ts";
import {
  type HuggingFaceConfig,
  huggingFaceConfig,
  languageModelFromHuggingFace,
} from "./huggingFaceConfig.ts";
import { importWeights } from "./importWeights.ts";
import { openSafetensors } from "./openSafetensors.ts";
import { writeSafetensors } from "./writeSafetensors.ts";

/**
 * Model and parameters of a folder as it is downloaded from Hugging Face: `config.json` and `model.safetensors`, or
 * shards with their index. Tensors are read one by one and become float32. `context`: the longest sequence, where it
 * should be shorter than the checkpoint's, as in `languageModelFromHuggingFace`.
 *
 * Throws `ConfigError`, `SafetensorsError` or `WeightsError`, whatever does not fit.
 */
export async function loadPretrained(
  folder: string,
  options: { readonly context?: number } = {},
): Promise<{ model: LanguageModel; params: Tree }> {
  const model = languageModelFromHuggingFace(await readConfig(join(folder, "config.json")), options);
  const source = await openSafetensors(folder);
  try {
    return { model, params: await importWeights(model, source) };
  } finally {
    await source.close();
  }
}

/**
 * Writes `config.json` and `model.safetensors` into a folder, which is made if need be: what `loadPretrained` here and
 * `from_pretrained` there read. Consumes the parameters.
 */
export async function savePretrained(folder: string, model: LanguageModel, params: Tree): Promise<void> {
  const tensors = await exportWeights(model, params);
  const config = huggingFaceConfig(model);
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, "model.safetensors"), tensors);
  replaceFile(join(folder, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
}

async function readConfig(path: string): Promise<HuggingFaceConfig> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw missing ? new ConfigError(`there is no ${path}: give the folder of a downloaded model`) : error;
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as HuggingFaceConfig;
  } catch {}
  throw new ConfigError(`${path} is not a JSON object`);
}
