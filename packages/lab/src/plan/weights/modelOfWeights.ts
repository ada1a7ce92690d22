import { createModel, describeModel, modelNames } from "@steepest/models";
import type { PlanInput } from "../planInput.ts";
import type { Json } from "../runPlan.ts";
import { weightsOrigin } from "./weightsOrigin.ts";

/** The tables of the weights decide the first; the context may be far more than the memory at hand is for. */
const open = ["vocabSize", "context", "initialization"];

/**
 * The model of weights as an input of a plan, where something beside them describes it: that of the run they come from, or
 * the preset of the family that has most settings in common, with what differs. The context is that of the weights, but
 * of published ones at most the preset's. Empty where nothing is described.
 *
 * Throws `CheckpointError` or `ConfigError`, see `weightsOrigin`.
 */
export function modelOfWeights(weights: string): PlanInput {
  const { described } = weightsOrigin(weights);
  if (described === undefined) return {};
  const { family, config, ofRun } = described;
  if (ofRun !== undefined) {
    const { vocabSize: _, ...modelOptions } = ofRun.modelOptions;
    return { ...ofRun, modelOptions };
  }
  const differing = (name: string): readonly (readonly [string, unknown])[] => {
    const own = createModel(name, { vocabSize: 2 }).config;
    return Object.entries(config).filter(([key, value]) => !open.includes(key) && own[key] !== value);
  };
  const [nearest] = modelNames.language
    .filter((name) => describeModel(name).family === family)
    .map((name) => ({ name, settings: differing(name) }))
    .sort((a, b) => a.settings.length - b.settings.length);
  if (nearest === undefined) return {};
  const context = Number(config.context);
  const usual = Number(createModel(nearest.name, { vocabSize: 2 }).config.context);
  return {
    model: nearest.name,
    modelOptions: Object.fromEntries(nearest.settings) as Record<string, Json>,
    ...(context < usual && { context }),
  };
}

/** The inputs of a plan, before them the model of the weights where none of them names another. */
export function withModelOfWeights(inputs: readonly PlanInput[]): readonly PlanInput[] {
  const weights = inputs.findLast((input) => input.weights !== undefined)?.weights;
  if (weights === undefined || inputs.some(({ model }) => model !== undefined)) return inputs;
  return [modelOfWeights(weights), ...inputs];
}
