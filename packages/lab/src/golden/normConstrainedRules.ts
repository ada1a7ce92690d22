import { normalizations } from "steepest/matrix";

import type { Trajectory } from "./goldenFile.ts";
import { as, momentumForm, NotReplayed, nothing, only, plain, type Rules } from "./rule.ts";

const decoupled = only("weightDecayMode", "decoupled");

const scales: Readonly<Record<string, string>> = {
  sqrt_max1_ratio: "shape",
  shape_scaling: "shape",
  "0.2_sqrt_max": "moonlight",
  spectral: "spectral",
  sqrt_ratio: "rms",
  unit_rms_norm: "rms",
};

/** Momentum, Newton-Schulz and shape factor, as Muon's relatives name them. */
export const muonRules = {
  ...plain,
  weightDecayMode: as("weightDecayMode"),
  steps: as("steps"),
  coefficients: as("coefficients"),
  coefficientType: nothing, // the coefficients themselves are in the file
  scaleMode: (value) => [["scale", scales[String(value)]]],
  extraScaleFactor: as("extraScale"),
  momentumMode: momentumForm,
} satisfies Rules;

/** Options of norm-constrained methods in golden files, besides `muon` and `scion`. */
export const normConstrainedRules: Readonly<Record<string, Rules>> = {
  scion_light: {
    lr: as("learningRate"),
    momentum: (value) => [["momentum", 1 - Number(value)]],
    unconstrained: as("unconstrained"),
  },
  polargrad: muonRules,
  mop: { ...muonRules, scaleMode: (value) => (value === "nuclear_norm" ? [] : muonRules.scaleMode(value)) },
  normuon: {
    ...muonRules,
    beta2: as("rowB2"),
    eps: as("rowEps"),
    moment2Method: (value) => [
      ["slices", value === "normuon" ? "longSide" : value],
      ["guard", "floor"],
    ],
  },
  dion: {
    ...plain,
    rank: nothing, // as a share of the short side, which every parameter has its own of
    weightDecayMode: decoupled,
    scaleMode: only("scaleMode", "sqrt_ratio"),
  },
};

/** MOP is PolarGrad with an exact polar factor; without its nuclear norm, NVIDIA's Muon with one. */
const mop = ({ options }: Trajectory): string =>
  options.scaleMode === "nuclear_norm" ? "polargrad" : "muon_emerging";

/** Files whose method has another name here. */
export const renamed: Readonly<Record<string, (golden: Trajectory) => string>> = { mop };

/**
 * What a file's code divides by before Newton-Schulz, in our names. It only shows where gradients are as small as its eps.
 * Keller Jordan's, Moonlight's and NorMuon's codes add 1e-7, NVIDIA's has a floor, microsoft/dion adds the file's eps.
 */
export function normalizationOf({ source = "", options }: Trajectory): string {
  if (source.startsWith("NVIDIA-NeMo/")) return "nvidia";
  if (!source.startsWith("microsoft/dion")) return "keller";
  const [eps, factor] = [options.eps ?? 1e-8, options.coefficientType === "polar_express_dion" ? 1.02 : 1];
  const named = Object.entries(normalizations).find(
    ([, own]) => own.guard === "add" && own.eps === eps && own.factor === factor && !("rows" in own),
  );
  if (named === undefined)
    throw new NotReplayed(`the normalization x/(${factor}·‖x‖ + ${eps}) is a variant that is not built`);
  return named[0];
}

/** What the files leave unsaid. */
export const normConstrainedUnsaid: Readonly<
  Record<string, (golden: Trajectory) => Readonly<Record<string, unknown>>>
> = {
  scion_light: () => ({ norm: "auto", radius: 1 }),
  mop: () => ({ polar: "svd" }),
  dion: () => ({ transposeWide: false }), // that is the simple code
};
