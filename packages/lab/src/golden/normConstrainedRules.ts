import type { Trajectory } from "./goldenFile.ts";
import { as, nothing, only, plain, type Rules } from "./rule.ts";

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
export const muonRules: Rules = {
  ...plain,
  weightDecayMode: as("weightDecayMode"),
  steps: as("steps"),
  coefficients: as("coefficients"),
  coefficientType: nothing, // the coefficients themselves are in the file
  scaleMode: (value) => [["scale", scales[String(value)]]],
  extraScaleFactor: as("extraScale"),
  momentumMode: (value) => [["momentumForm", value === "sgd" ? "sum" : value]],
};

/** Options of norm-constrained methods in golden files, besides `muon` and `scion`. */
export const normConstrainedRules: Readonly<Record<string, Rules>> = {
  scion_light: {
    lr: as("learningRate"),
    momentum: (value) => [["momentum", 1 - Number(value)]],
    unconstrained: as("unconstrained"),
  },
  polargrad: muonRules,
  mop: { ...muonRules, scaleMode: only("scaleMode", "nuclear_norm") },
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
    rank: nothing, // as a share of the short side below
    weightDecayMode: decoupled,
    scaleMode: only("scaleMode", "sqrt_ratio"),
  },
};

/** Files whose method has another name here. */
export const renamed: Readonly<Record<string, string>> = { mop: "polargrad" };

/** What the files leave unsaid. */
export const normConstrainedUnsaid: Readonly<
  Record<string, (golden: Trajectory) => Readonly<Record<string, unknown>>>
> = {
  scion_light: () => ({ norm: "auto", radius: 1 }),
  mop: () => ({ polar: "svd" }),
  dion: ({ options, params }) => ({
    transposeWide: false, // that is the simple code
    rankFraction: Number(options.rank) / Math.min(...(params[0]?.shape ?? [1])),
  }),
};
