import { createModel, modelKind } from "./createModel.ts";
import { cnnSettings } from "./image/cnnConfig.ts";
import { imageModelPresets } from "./image/imageModelPresets.ts";
import { logisticSettings } from "./image/logistic.ts";
import { mlpSettings } from "./image/mlp.ts";
import { vitSettings } from "./image/vitConfig.ts";
import { gpt2Settings } from "./language/gpt2Config.ts";
import { gptSettings } from "./language/gptConfig.ts";
import { languageModelPresets } from "./language/languageModelPresets.ts";
import { llamaSettings } from "./language/llamaConfig.ts";
import type { ModelKind } from "./model/model.ts";
import type { Setting } from "./model/setting.ts";
import { landscapeSettings } from "./problems/landscape.ts";
import { leastSquaresSettings } from "./problems/leastSquares.ts";
import { problemPresets } from "./problems/problemPresets.ts";
import { quadraticSettings } from "./problems/quadratic.ts";

/** A setting of a preset, with the value it has there. */
export interface PresetSetting extends Setting {
  readonly default: unknown;
}

/** What a preset is. */
export interface ModelDescription {
  readonly name: string;
  readonly kind: ModelKind;
  readonly family: string;
  /** A sentence without its full stop. */
  readonly about: string;
  /** Trainable numbers, with the preset's vocabulary, 89 characters, or images of 28 × 28 pixels in 10 classes. */
  readonly parameterCount: number;
  /** What may be changed; what the data decide (`vocabSize`; `imageShape`, `classes`, `whitening`) is not among them. */
  readonly settings: Readonly<Record<string, PresetSetting>>;
}

const settingsOf = {
  gpt: gptSettings,
  gpt2: gpt2Settings,
  llama: llamaSettings,
  qwen3: llamaSettings,
  logistic: logisticSettings,
  mlp: mlpSettings,
  cnn: cnnSettings,
  vit: vitSettings,
  "least-squares": leastSquaresSettings,
  quadratic: quadraticSettings,
  landscape: landscapeSettings,
} as const;

const presets: Readonly<
  Record<string, { readonly family: keyof typeof settingsOf; readonly about: string }>
> = {
  ...languageModelPresets,
  ...imageModelPresets,
  ...problemPresets,
};

/** Stands in for what the data decide; a vocabulary that the preset has goes before. */
const facts = {
  language: {},
  image: { imageShape: [1, 28, 28], classes: 10 },
  problem: {},
} as const;

const ofData: readonly string[] = ["vocabSize", "imageShape", "classes", "whitening"];

/** What a preset is, and every setting of it with meaning, range and value. Throws `ConfigError` for an unknown name. */
export function describeModel(name: string): ModelDescription {
  const kind = modelKind(name);
  const preset = presets[name];
  if (preset === undefined) throw new Error(`internal: ${name} has no preset`);
  const ownVocabulary = kind === "language" && !Object.hasOwn(preset, "vocabSize") ? { vocabSize: 89 } : {};
  const { config, parameterCount } = createModel(name, { ...facts[kind], ...ownVocabulary });
  const settings = Object.entries(settingsOf[preset.family])
    .filter(([setting]) => !ofData.includes(setting))
    .map(([setting, said]) => [setting, { ...said, default: config[setting] }]);
  return {
    name,
    kind,
    family: preset.family,
    about: preset.about,
    parameterCount,
    settings: Object.fromEntries(settings),
  };
}
