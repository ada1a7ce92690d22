import { imageModelNames } from "./image/imageModelPresets.ts";
import { languageModelNames } from "./language/languageModelPresets.ts";
import type { ModelKind } from "./model/model.ts";
import { problemNames } from "./problems/problemPresets.ts";

/** The presets of each kind. */
export const modelNames: Readonly<Record<ModelKind, readonly string[]>> = {
  language: languageModelNames,
  image: imageModelNames,
  problem: problemNames,
};
