import { createModel, type ModelKind, modelKind } from "@steepest/models";
import { describeOptimizer, imageScionPreset, isOptimizerName } from "steepest";
import { placeholderFacts } from "./modelSettings.ts";
import type { Json, JsonOptions, UnratedPlan } from "./runPlan.ts";

/**
 * Whose radii and norms by role are those for text by default. The balls of the last three are Scion's, and the
 * authors' runs of the clipped ones on images have its radii, rate and momentum, too (Pethick et al. 2025, arXiv:2506.01913;
 * their rho belongs to their batches and radii and is not taken over).
 */
const scions: readonly string[] = [
  "scion",
  "unconstrained_scion",
  "scion_light",
  "clipped_scion",
  "unconstrained_clipped_scion",
  "cg",
  "scg",
  "s3cg",
];

/**
 * The options of a Scion or a relative for a network on images, those of the authors' runs (`imageScionPreset`): the default
 * radii and first layer are for text. Empty for other methods and models, and where a norm is asked for, which has radii of its own.
 */
export function imageOptions({
  optimizer,
  optimizerOptions: given,
  model,
  modelOptions,
}: UnratedPlan): JsonOptions {
  const kind: ModelKind = modelKind(model);
  if (kind !== "image" || !scions.includes(optimizer) || !isOptimizerName(optimizer)) return {};
  const known = Object.keys(describeOptimizer(optimizer).options);
  const written = known.every((name) => name in given); // the plan of a run says all there is
  if (written || (given.norm !== undefined && given.norm !== "byRole")) return {};
  const { whitening: _, ...settings } = modelOptions;
  const { parameters } = createModel(model, { ...settings, ...placeholderFacts.image });
  const preset = Object.entries(imageScionPreset(parameters));
  const fitting = preset.filter(([name]) => known.includes(name) || name === "groups");
  return Object.fromEntries(fitting) as Record<string, Json>;
}
