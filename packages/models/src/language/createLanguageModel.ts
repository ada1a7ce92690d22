import { didYouMean } from "steepest";
import { ConfigError } from "../model/configError.ts";
import type { LanguageModel } from "../model/model.ts";
import { gpt } from "./gpt.ts";
import { gpt2 } from "./gpt2.ts";
import {
  type LanguageModelName,
  type LanguageModelSettings,
  type LanguagePreset,
  languageModelNames,
  languageModelPresets,
} from "./languageModelPresets.ts";
import { llama } from "./llama.ts";
import { qwen3 } from "./qwen3.ts";

/**
 * The model of a preset, with some of its settings replaced; `vocabSize` may be left out where the preset has one, and
 * `hiddenWidth` follows a `width` that is given.
 * Throws `ConfigError` for an unknown name or setting and for settings that do not go together.
 */
export function createLanguageModel(name: string, settings: LanguageModelSettings = {}): LanguageModel {
  if (!isLanguageModelName(name)) {
    throw new ConfigError(
      `there is no model "${name}"${didYouMean(name, languageModelNames)}; models are ${languageModelNames.join(", ")}`,
    );
  }
  const preset: LanguagePreset = withWidth(languageModelPresets[name], settings);
  const vocabSize = settings.vocabSize ?? preset.vocabSize;
  if (vocabSize === undefined) {
    throw new ConfigError(`the preset "${name}" needs vocabSize: the number of token ids of your tokenizer`);
  }
  switch (preset.family) {
    case "gpt": {
      const { family: _, about: __, ...shape } = preset;
      return gpt({ ...shape, ...settings, vocabSize });
    }
    case "gpt2": {
      const { family: _, about: __, ...shape } = preset;
      return gpt2({ ...shape, ...settings, vocabSize });
    }
    case "llama": {
      const { family: _, about: __, ...shape } = preset;
      return llama({ ...shape, ...settings, vocabSize });
    }
    case "qwen3": {
      const { family: _, about: __, ...shape } = preset;
      return qwen3({ ...shape, ...settings, vocabSize });
    }
  }
}

/** The feed-forward layer of a preset belongs to its width: another width has that of its family. */
function withWidth(preset: LanguagePreset, { width }: LanguageModelSettings): LanguagePreset {
  if (width === undefined || width === preset.width) return preset;
  const { hiddenWidth: _, ...rest } = preset;
  return rest;
}

const isLanguageModelName = (name: string): name is LanguageModelName =>
  Object.hasOwn(languageModelPresets, name);
