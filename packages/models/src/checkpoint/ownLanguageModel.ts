import { createLanguageModel } from "../language/createLanguageModel.ts";
import { languageModelNames, languageModelPresets } from "../language/languageModelPresets.ts";
import { ConfigError } from "../model/configError.ts";
import type { LanguageModel } from "../model/model.ts";
import type { PretrainedFolder } from "./pretrainedFolder.ts";

/**
 * The language model that the `config.json` of a run or an export describes: `{ model: { family, config } }`. `context`
 * replaces the longest sequence by a shorter one. Throws `ConfigError` for other models, and for a damaged file.
 */
export function ownLanguageModel(
  { file, config }: Pick<PretrainedFolder, "file" | "config">,
  { context }: { readonly context?: number } = {},
): LanguageModel {
  const described = config.model;
  if (!isRecord(described) || typeof described.family !== "string" || !isRecord(described.config))
    throw new ConfigError(
      `${file} describes no model: it has neither model_type, as Hugging Face's, nor model.family, as a run's`,
    );
  const { family, config: settings } = described;
  const preset = languageModelNames.find((name) => languageModelPresets[name].family === family);
  if (preset === undefined) {
    const families = [...new Set(Object.values(languageModelPresets).map((each) => each.family))].sort();
    throw new ConfigError(
      `${file} describes the model "${family}", which is no language model (${families.join(", ")}): createModel makes ` +
        "image models of model.family and model.config, and importWeights reads their parameters out of openSafetensors(…)",
    );
  }
  const longest = settings.context;
  if (context !== undefined && typeof longest === "number" && context > longest)
    throw new ConfigError(`a context of ${context} is longer than that of ${file}, ${longest}`);
  return createLanguageModel(preset, { ...settings, ...(context !== undefined && { context }) });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
