import { type PresetPaths, presetGroups, type SpecialLayers } from "./presetGroups.ts";
import type { unconstrainedClippedScion } from "./unconstrainedClippedScion.ts";

/** Options for `unconstrained_clipped_scion`, and for `clipped_scion` at its default variant. */
export type ClippedScionOptions = NonNullable<Parameters<typeof unconstrainedClippedScion>[0]>;

/** What was trained with which radii, rate and threshold. */
export interface ClippedScionPreset extends SpecialLayers {
  readonly options: ClippedScionOptions;
  /** Schedule, and what else the authors ran, in words. */
  readonly recipe: string;
  readonly source: string;
}

const repository = "the ClippedScion repository, Pethick et al. 2025, arXiv:2506.01913";

/**
 * Radii, rates, momentum and thresholds of the authors' example runs. `rho` and the rate are those of their
 * code: rate γρ, and S is compared with rho as it is. Their multi-GPU scripts sum S over the GPUs, which
 * multiplies it by their number (4): the rho of nanoGpt is tied to that. Norms are those of the roles.
 */
export const clippedScionPresets = {
  /** nanoGPT at 124M parameters, embedding tied to the head (give the shared table the role head). */
  nanoGpt: {
    options: { learningRate: 3.6e-4, momentum: 0.9, rho: 600, radius: 50, headRadius: 3000 },
    recipe: "as the preset nanoGpt of Scion; rho 6000 for 1B parameters. Their README has 2^-12 for the rate",
    source: `${repository}, nanoGPT`,
  },
  /** CIFAR-10. */
  airbench: {
    options: {
      learningRate: 0.05,
      momentum: 0.4,
      rho: 1600,
      radius: 8,
      headRadius: 128,
      vectorRadius: 8,
    },
    recipe:
      "constant rate. Their table of 80 epochs, momentum 0.5, radii 1 (first), 5, 200: γ 2^-2 constant or 2^-1 linear to 0, " +
      "against 2^-5 for Scion; constrained, radii 1, 5, 2000: γ 2^-8, rho 12800",
    source: `${repository}, airbench`,
  },
  /** DeiT-base on ImageNet. */
  vit: {
    options: {
      learningRate: 2.4e-4,
      momentum: 0.9,
      rho: 8000,
      radius: 25,
      headRadius: 500,
      vectorRadius: 25,
    },
    tokens: { norm: "bias_rms", radius: 25 },
    recipe: "200 epochs in batches of 4096, cosine to 1e-7",
    source: `${repository}, DeiT`,
  },
} as const satisfies Record<string, ClippedScionPreset>;

export type ClippedScionPresetName = keyof typeof clippedScionPresets;

/**
 * Options of a preset for `createOptimizer("unconstrained_clipped_scion", …)` or `"clipped_scion"`. Throws
 * where a path is given that the preset has no rule for.
 */
export function clippedScionPreset(
  name: ClippedScionPresetName,
  paths: PresetPaths = {},
): ClippedScionOptions {
  const preset: ClippedScionPreset = clippedScionPresets[name];
  const groups = presetGroups(name, preset, paths);
  return groups.length === 0 ? preset.options : { ...preset.options, groups };
}
