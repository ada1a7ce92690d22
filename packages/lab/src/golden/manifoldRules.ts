import { as, nothing, only, plain, type Rules } from "./rule.ts";

const decoupled = only("weightDecayMode", "decoupled");

const control: Rules = {
  lr: as("learningRate"),
  momentum: as("momentum"),
  nesterov: only("nesterov", false),
  momentumMode: only("momentumMode", "ema"),
  base: only("base", "sgd_ema"),
  weightDecay: only("weightDecay", 0),
};

const newtonSchulz: Rules = {
  steps: as("steps"),
  coefficients: as("coefficients"),
  coefficientType: nothing, // the coefficients themselves are in the file
};

/** Options of manifold methods and weight control in golden files. */
export const manifoldRules: Readonly<Record<string, Rules>> = {
  hyperball: { ...control, radius: as("radius") },
  relative_update: control,
  radial_brake: { ...control, outwardScale: as("outward"), inwardScale: as("inward") },
  muon_hyperball: {
    ...newtonSchulz,
    lr: as("learningRate"),
    momentum: as("momentum"),
    nesterov: as("nesterov"),
    momentumMode: as("momentumForm"),
    weightDecay: only("weightDecay", 0),
    weightDecayMode: decoupled,
    radius: nothing, // all weights start with it
    eps: nothing, // floor of a norm
  },
  muown: {
    ...plain,
    ...newtonSchulz,
    scaleMode: only("scaleMode", "spectral"),
    extraScaleFactor: only("extraScaleFactor", 0.2),
  },
  spel: { ...plain, ...newtonSchulz, weightDecayMode: decoupled },
  sso: {
    ...plain,
    radiusScaler: as("radiusScale"),
    powerIterSteps: as("powerSteps"),
    msignSteps: as("steps"),
    solverMaxIter: nothing, // bisections there, fewer steps of false position here
    solverTol: nothing,
    eps: nothing, // floor of a norm
    weightDecay: only("weightDecay", 0),
    weightDecayMode: decoupled,
  },
};

/** What their files leave unsaid. */
export const manifoldUnsaid: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  radial_brake: () => ({ inner: "momentum" }),
  muown: () => ({ momentumForm: "ema", nesterov: false, decayOf: "magnitude" }), // NVIDIA's port
  spel: () => ({ project: false }),
  sso: () => ({ solverSteps: 8 }), // for a λ as exact as 40 bisections give
};
