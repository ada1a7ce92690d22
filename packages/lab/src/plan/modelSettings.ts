import { describeModel, type PresetSetting } from "@steepest/models";

/** Stands in for what the data will decide, where a model is only asked for its settings. */
export const placeholderFacts = {
  language: { vocabSize: 2 },
  image: { imageShape: [1, 28, 28], classes: 10 },
  problem: {},
} as const;

/** Of a cnn's first layer, which the library takes as the filters themselves. */
const whitening: PresetSetting = {
  doc: "a frozen first layer that whitens the training images; false: trained like the others",
  range: "true | false",
  default: true,
};

/**
 * The settings of a preset that a user may change, with meaning, range and value; `context` is a setting of the plan. Throws
 * `ConfigError` for an unknown name.
 */
export function modelSettings(name: string): Readonly<Record<string, PresetSetting>> {
  const { settings, family } = describeModel(name);
  const { context: _, ...own } = settings;
  return { ...own, ...(family === "cnn" && { whitening }) };
}
