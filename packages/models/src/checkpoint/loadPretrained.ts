import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Tree } from "steepest";
import { replaceFile } from "../files/replaceFile.ts";
import type { LanguageModel } from "../model/model.ts";
import { exportWeights } from "./exportWeights.ts";
import { huggingFaceConfig, languageModelFromHuggingFace } from "./huggingFaceConfig.ts";
import { importWeights } from "./importWeights.ts";
import { openSafetensors } from "./openSafetensors.ts";
import { ownLanguageModel } from "./ownLanguageModel.ts";
import { pretrainedFolder } from "./pretrainedFolder.ts";
import { writeSafetensors } from "./writeSafetensors.ts";

/**
 * Language model and parameters out of a folder: as it is downloaded from Hugging Face (`config.json` and
 * `model.safetensors`, or shards with their index), a run folder (its latest checkpoint) or a checkpoint in it, or what
 * `steepest export` wrote. Tensors are read one by one and become float32. `context`: the longest sequence, where it should
 * be shorter than the checkpoint's, as in `languageModelFromHuggingFace`. `readTokenizer` takes the same folders.
 *
 * Throws `ConfigError`, `SafetensorsError` or `WeightsError`, whatever does not fit.
 */
export async function loadPretrained(
  folder: string,
  options: { readonly context?: number } = {},
): Promise<{ model: LanguageModel; params: Tree }> {
  const found = await pretrainedFolder(folder);
  const model =
    "model_type" in found.config
      ? languageModelFromHuggingFace(found.config, options)
      : ownLanguageModel(found, options);
  const source = await openSafetensors(found.weights);
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
