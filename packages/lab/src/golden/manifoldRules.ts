import { as, momentumForm, nothing, only, plain, type Rules } from "./rule.ts";

type Options = Readonly<Record<string, unknown>>;

const decoupled = only("weightDecayMode", "decoupled");

const control: Rules = {
  lr: as("learningRate"),
  momentum: as("momentum"),
  nesterov: only("nesterov", false),
  momentumMode: only("momentumMode", "ema"),
  base: only("base", "sgd_ema"),
  weightDecay: only("weightDecay", 0),
};

/**
 * (1 − ηλ)W − ηu, brought back to the sphere, is W − η/(1 − ηλ)·u brought back: decay is a longer step.
 * Only for constant rates, which files have.
 */
const decayInRate = ({ lr, weightDecay }: Options): Options =>
  Number(weightDecay ?? 0) === 0 ? {} : { learningRate: Number(lr) / (1 - Number(lr) * Number(weightDecay)) };

const newtonSchulz: Rules = {
  steps: as("steps"),
  coefficients: as("coefficients"),
  coefficientType: nothing, // the coefficients themselves are in the file
};

/** Options of manifold methods and weight control in golden files. */
export const manifoldRules: Readonly<Record<string, Rules>> = {
  hyperball: { ...control, radius: as("radius"), weightDecay: nothing },
  relative_update: control,
  radial_brake: { ...control, outwardScale: as("outward"), inwardScale: as("inward") },
  muon_hyperball: {
    ...newtonSchulz,
    lr: as("learningRate"),
    momentum: as("momentum"),
    nesterov: as("nesterov"),
    momentumMode: momentumForm,
    weightDecay: nothing, // in the rate below
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
    weightDecay: nothing, // of weights that are then rescaled to R
    weightDecayMode: decoupled,
  },
};

/** Options that follow from several of a file's. */
export const manifoldDerived: Readonly<Record<string, (options: Options) => Options>> = {
  hyperball: decayInRate,
  muon_hyperball: decayInRate,
};

/** What their files leave unsaid. */
export const manifoldUnsaid: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  radial_brake: () => ({ inner: "momentum" }),
  muown: () => ({ momentumForm: "ema", nesterov: false, decayOf: "magnitude" }), // NVIDIA's port
  spel: () => ({ project: false }),
  sso: () => ({ solverSteps: 8 }), // for a λ as exact as 40 bisections give
};
