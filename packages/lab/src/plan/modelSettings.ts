import { createModel, modelKind } from "@steepest/models";
import type { Json } from "./runPlan.ts";

/** Stands in for what the data will decide, where a model is only asked for its settings. */
export const placeholderFacts = {
  language: { vocabSize: 2 },
  image: { imageShape: [1, 28, 28], classes: 10 },
  problem: {},
} as const;

/** What is no setting of the user's: the data decide it, or the plan has a setting of its own. */
const decided = ["context", "vocabSize", "imageShape", "classes"];

/** The settings of a preset that a user may change, with their values. Throws `ConfigError` for an unknown name. */
export function modelSettings(name: string): Record<string, Json> {
  const { config, name: family } = createModel(name, placeholderFacts[modelKind(name)]);
  const own = Object.entries(config).filter(([setting]) => !decided.includes(setting));
  // A cnn's first layer: filters that whiten the training images, or trained like the others.
  return {
    ...(Object.fromEntries(own) as Record<string, Json>),
    ...(family === "cnn" && { whitening: true }),
  };
}
