import { ConfigError, createLanguageModel, languageModelPresets } from "@steepest/models";

import { kebabCase } from "../../plan/kebabCase.ts";
import { modelOptions } from "../../plan/resolvePlan.ts";
import type { Json, JsonOptions, RunPlan } from "../../plan/runPlan.ts";
import type { DescribedModel } from "../../plan/weights/weightsOrigin.ts";

/** The weights' tables, the data and the run decide these. */
const free = ["vocabSize", "context", "initialization"];

/**
 * The settings of a model that its weights were trained with and that the plan leaves open, where they are not what the
 * model would have by itself: neither the preset nor the user says anything of them. With other ones the same weights
 * are another function.
 *
 * Throws `ConfigError` with both values where plan and weights contradict each other.
 */
export function settingsOfWeights(plan: RunPlan, { file, family, config }: DescribedModel): JsonOptions {
  const model = createLanguageModel(plan.model, { ...modelOptions(plan), vocabSize: 2 });
  if (model.name !== family) {
    throw new ConfigError(
      `${file} describes a ${family}, and ${plan.model} is a ${model.name}: give a model of that family${modelsOf(family)}`,
    );
  }
  const decided = new Set([...Object.keys(presetOf(plan.model) ?? {}), ...Object.keys(plan.modelOptions)]);
  const differing = Object.entries(config).filter(
    ([name, value]) => !free.includes(name) && model.config[name] !== value,
  );
  const against = differing.filter(([name]) => decided.has(name));
  if (against.length > 0) {
    const both = against.map(([name, value]) => `${name} ${value} (here ${model.config[name]})`);
    const flags = against.map(([name, value]) =>
      typeof value === "boolean"
        ? `--${value ? "" : "no-"}${kebabCase(name)}`
        : `--${kebabCase(name)} ${value}`,
    );
    throw new ConfigError(
      `the weights are those of another model than ${plan.model}: ${file} says ${both.join(", ")}; ` +
        `to train the model of the weights add ${flags.join(" ")}`,
    );
  }
  return Object.fromEntries(differing) as Record<string, Json>;
}

const presetOf = (name: string): object | undefined =>
  Object.entries(languageModelPresets).find(([preset]) => preset === name)?.[1];

function modelsOf(family: string): string {
  const names = Object.entries(languageModelPresets).filter(([, preset]) => preset.family === family);
  return names.length === 0 ? "" : ` (--model ${names.map(([name]) => name).join(", ")})`;
}
