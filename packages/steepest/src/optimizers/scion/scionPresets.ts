import { type PresetPaths, presetGroups, type SpecialLayers } from "./presetGroups.ts";
import type { scion } from "./scion.ts";

/** Options for `scion` and `unconstrained_scion`; those of the clipped ones are `clippedScionPresets`. */
export type ScionOptions = NonNullable<Parameters<typeof scion>[0]>;

/** What was trained with which radii. */
export interface ScionPreset extends SpecialLayers {
  readonly options: ScionOptions;
  /** Schedule, initialisation and what the model needs, in words. */
  readonly recipe: string;
  readonly source: string;
}

const repository = "LIONS-EPFL/scion, Pethick et al. 2025, arXiv:2502.07529";

/**
 * Radii, rates and momentum of the authors' runs. Norms are those of the roles (`normRules`): spectral for
 * hidden weights and convolutions, 1→RMS for embeddings, 1→∞ for the head or the table shared with it, RMS
 * for vectors. Activations keep their size in these runs: ReLU and GELU times √2, squared ReLU times 2,
 * normalisation without gain.
 */
export const scionPresets = {
  /** nanoGPT, 124M to 3B parameters, embedding tied to the head (give the shared table the role head). */
  nanoGpt: {
    options: { learningRate: 3.6e-4, momentum: 0.9, radius: 50, headRadius: 3000 },
    recipe:
      "5100 steps of 512 × 1024 tokens; no warm-up, constant, linear to 0 over the last 1450. Its own initialisation, output projections at zero. QKV as three matrices",
    source: `${repository}, examples/modded-nanogpt`,
  },
  /**
   * Two blocks on characters, embedding and head apart; the optimum of the rate does not depend on the width.
   */
  shallowGpt: {
    options: { learningRate: 2 ** -8, momentum: 0.9, radius: 3, embeddingRadius: 1, headRadius: 10 },
    recipe:
      "122 steps of 32 × 1024 characters, linear to 0, weights from `initialize`. The rate was swept from 2^-1 to 2^-12; ours stands in the middle",
    source: `${repository}, examples/shallow-nanogpt`,
  },
  /** Three layers on images. */
  mlp: {
    options: { learningRate: 2 ** -6, momentum: 0.9, radius: 1, headRadius: 1024 },
    firstLayer: { norm: "spectral_max", radius: 1 },
    recipe: "weights from `initialize`",
    source: `${repository}, examples/mlp`,
  },
  /** The CIFAR-10 speedrun network, 93.95 %. */
  airbench: {
    options: {
      learningRate: 0.05,
      momentum: 0.4,
      momentumStart: "gradient",
      radius: 8,
      headRadius: 128,
      vectorRadius: 8,
      polar: "lakic",
      steps: 9,
    },
    recipe: "8 epochs in batches of 2000, linear to 0",
    source: `${repository}, examples/airbench`,
  },
  /**
   * The same network with radii and rate tuned further, 94.07 %. The oracle is that of the other script: of
   * this one we have no code.
   */
  airbenchSpeedrun: {
    options: {
      learningRate: 0.04,
      momentum: 0.35,
      momentumStart: "gradient",
      radius: 16,
      headRadius: 128,
      vectorRadius: 4,
      polar: "lakic",
      steps: 9,
    },
    firstLayer: { norm: "spectral_conv", radius: 8 },
    recipe: "8 epochs in batches of 2000, linear to 0",
    source: `${repository}, examples/airbench, speedrun`,
  },
  /** DeiT-base on ImageNet. */
  vit: {
    options: { learningRate: 6.4e-4, momentum: 0.9, radius: 25, headRadius: 500, vectorRadius: 25 },
    tokens: { norm: "bias_rms", radius: 25 },
    recipe: "200 epochs in batches of 4096 (rate 8e-5 × batch/512), cosine to 1e-7, no warm-up",
    source: `${repository}, examples/deit`,
  },
} as const satisfies Record<string, ScionPreset>;

export type ScionPresetName = keyof typeof scionPresets;

/** Paths, or patterns, of the parameters a preset treats specially. */
export interface ScionPresetPaths extends PresetPaths {
  /**
   * Put these two under the spectral condition as well, as every other matrix is (Yang, Simon & Bernstein
   * 2023, arXiv:2310.17813; the µP of operator norms): ‖W‖ and each step of order √(dOut/dIn), so that the
   * best rate does not move with the width. With one-hot input dIn counts as 1: √dOut for the embedding,
   * stored [vocab, width]. Radii are `embeddingRadius` and, for the head, that of hidden weights. Instead of
   * the 1→RMS and 1→∞ norms of the authors, which transfer too and need no orthogonalisation of large tables.
   */
  readonly spectralCondition?: { readonly embedding: string; readonly head: string };
}

/**
 * Options of a preset for `createOptimizer("scion", …)`:
 *
 * ```ts
 * const optimizer = createOptimizer("scion", scionPreset("mlp", { firstLayer: "layers.0.weight" }));
 * ```
 *
 * Throws where a path is given that the preset has no rule for.
 */
export function scionPreset(name: ScionPresetName, paths: ScionPresetPaths = {}): ScionOptions {
  const preset: ScionPreset = scionPresets[name];
  const groups = presetGroups(name, preset, paths);
  const { embedding, head } = paths.spectralCondition ?? {};
  const { radius = 1, embeddingRadius = 1 } = preset.options;
  const spectral = [
    { match: embedding, norm: "spectral_2rms" as const, transposed: true, radius: embeddingRadius },
    { match: head, norm: "spectral" as const, radius },
  ].flatMap(({ match, ...rule }) => (match === undefined ? [] : [{ match, ...rule }]));
  const all = [...groups, ...spectral];
  return all.length === 0 ? preset.options : { ...preset.options, groups: all };
}
