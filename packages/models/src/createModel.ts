import { didYouMean } from "steepest";
import { createImageModel } from "./image/createImageModel.ts";
import type { ImageModel } from "./image/imageModel.ts";
import type { ImageSettings } from "./image/imageModelPresets.ts";
import { createLanguageModel } from "./language/createLanguageModel.ts";
import { ConfigError } from "./model/configError.ts";
import type { LanguageModel, ModelKind } from "./model/model.ts";
import { modelNames } from "./modelNames.ts";
import { createProblem } from "./problems/createProblem.ts";
import type { ProblemModel } from "./problems/problemModel.ts";

/** Any of the models here; `kind` tells which. */
export type AnyModel = LanguageModel | ImageModel | ProblemModel;

/** The kind of a preset. Throws `ConfigError` for an unknown name. */
export function modelKind(name: string): ModelKind {
  const kinds: readonly ModelKind[] = ["language", "image", "problem"];
  const kind = kinds.find((one) => modelNames[one].includes(name));
  if (kind !== undefined) return kind;
  const all = kinds.flatMap((one) => modelNames[one]);
  throw new ConfigError(`there is no model "${name}"${didYouMean(name, all)}; models are ${all.join(", ")}`);
}

/**
 * The model of a preset, with some of its settings replaced, whatever its kind. What the data decide belongs to the
 * settings: `vocabSize` of a language model, `imageShape` and `classes` (and `whitening` of a cnn) of an image model,
 * nothing for a problem.
 *
 * Throws `ConfigError` for an unknown name or setting and for settings that do not go together.
 */
export function createModel(name: string, settings: Readonly<Record<string, unknown>>): AnyModel {
  // Each family checks names and values of its settings itself, so that they may come from a file.
  switch (modelKind(name)) {
    case "language":
      return createLanguageModel(name, settings as Parameters<typeof createLanguageModel>[1]);
    case "image":
      return createImageModel(name, settings as ImageSettings);
    case "problem":
      return createProblem(name, settings);
  }
}
