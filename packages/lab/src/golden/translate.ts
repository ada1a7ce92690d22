import { isOptimizerName } from "steepest";

import { fisherRules, fisherUnsaid } from "./fisherRules.ts";
import type { Trajectory } from "./goldenFile.ts";
import { manifoldDerived, manifoldRules, manifoldUnsaid } from "./manifoldRules.ts";
import {
  muonRules,
  normalizationOf,
  normConstrainedRules,
  normConstrainedUnsaid,
  renamed,
} from "./normConstrainedRules.ts";
import { as, NotReplayed, nothing, only, plain, type Rule } from "./rule.ts";

/** Options of `createOptimizer` that stand for those of a golden file. */
export interface Translated {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, unknown>>;
}

type Options = Readonly<Record<string, unknown>>;
const manoRules = {
  ...plain,
  momentumMode: only("momentumMode", "sgd"),
  weightDecayMode: only("decay", "decoupled"),
};

/** How each optimizer's options are named here. */
const rules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  sgd: { ...plain, dampening: as("dampening"), weightDecayMode: only("weightDecayMode", "l2") },
  adam: { ...plain, amsgrad: as("amsgrad"), weightDecayMode: as("weightDecayMode") },
  adamw: { ...plain, amsgrad: as("amsgrad"), weightDecayMode: as("weightDecayMode") },
  rmsprop: {
    ...plain,
    alpha: as("alpha"),
    centered: as("centered"),
    weightDecayMode: only("weightDecayMode", "l2"),
  },
  adagrad: { ...plain, lrDecay: as("learningRateDecay"), initialAccumulatorValue: as("initialAccumulator") },
  lion: { ...plain, weightDecayMode: only("weightDecayMode", "decoupled") },
  signsgd: { ...plain, momentum: only("momentum", 0), weightDecayMode: only("weightDecayMode", "decoupled") },
  signum: {
    ...plain,
    correctBias: as("biasCorrection"),
    momentumInit: only("momentumInit", "param"), // startState.ts
    dampening: only("dampening", 0),
    weightDecayMode: only("weightDecayMode", "decoupled"),
  },
  muon: {
    ...muonRules,
    convScale: nothing, // for square kernels with few filters both views give the factor 1
  },
  ...normConstrainedRules,
  ...fisherRules,
  ...manifoldRules,
  mano: manoRules,
  mano_v2: manoRules,
  scion: {
    lr: as("learningRate"),
    // The papers of this family weigh the new gradient, we weigh the past.
    momentum: (value) => [["momentum", 1 - Number(value)]],
    unconstrained: nothing,
    orthogonalization: (value) => [["polar", value === "lakic_inverse_sqrt" ? "lakic" : value]],
    momentumInit: as("momentumStart"),
    steps: as("steps"),
  },
};

/** What a parameter's own options mean, whatever the optimizer. */
const ownRules: Readonly<Record<string, (own: Options) => Options>> = {
  conda: auxiliaryGroup,
  muon: auxiliaryGroup,
  mano: auxiliaryGroup,
  mano_v2: auxiliaryGroup,
  scion: scionGroup,
  scion_light: scionGroup,
};

function auxiliaryGroup({ rule, lr }: Options): Options {
  const auxiliary = rule === "adam" || rule === "adamw";
  const rate = lr === undefined ? {} : auxiliary ? { auxiliaryLearningRate: lr } : { learningRate: lr };
  return { ...rate, ...(auxiliary ? { method: "adamw" } : {}) };
}

const scionNorms: Readonly<Record<string, (own: Options) => string>> = {
  Auto: () => "auto",
  Spectral: ({ max, normalized }) =>
    normalized === false ? "spectral_2rms" : max ? "spectral_max" : "spectral",
  SpectralConv: () => "spectral_conv",
  ColNorm: ({ normalized }) => (normalized ? "colnorm_normalized" : "colnorm"),
  RowNorm: ({ normalized }) => (normalized === false ? "rownorm_input" : "rownorm"),
  Sign: ({ normalized }) => (normalized === false ? "sign" : "sign_normalized"),
  BiasRMS: () => "bias_rms",
};

function scionGroup({ norm, normKwargs, scale }: Options): Options {
  const own = (normKwargs ?? {}) as Options;
  const named = scionNorms[String(norm ?? "Auto")];
  if (named === undefined) throw new NotReplayed(`there is no norm for ${JSON.stringify(norm)}`);
  const radius = scale ?? 1;
  return {
    norm: named(own),
    transposed: own.transpose === true,
    radius,
    ...(own.steps === undefined ? {} : { steps: own.steps }),
  };
}

/** The optimizer and options for a trajectory. Throws `NotReplayed` for one that is not built. */
export function translate(golden: Trajectory): Translated {
  const table = rules[golden.optimizer];
  const name =
    golden.optimizer === "scion" && golden.options.unconstrained === true
      ? "unconstrained_scion"
      : (renamed[golden.optimizer]?.(golden) ?? golden.optimizer);
  if (table === undefined || !isOptimizerName(name))
    throw new NotReplayed(`optimizer "${name}" is not built yet`);
  const entries = Object.entries(golden.options)
    .filter(([, value]) => value !== null)
    .flatMap(([option, value]) => {
      const rule = table[option];
      if (rule === undefined) throw new NotReplayed(`option "${option}" of ${name} is not understood`);
      return rule(value);
    });
  return {
    optimizer: name,
    options: {
      ...unsaid(golden),
      ...Object.fromEntries(entries),
      ...manifoldDerived[golden.optimizer]?.(golden.options),
      roles: Object.fromEntries(golden.params.map(({ name: path, role }) => [path, role])),
      groups: golden.params
        .filter(({ options, role }) => options !== undefined || rankOf(golden, role) !== undefined)
        .map((param) => ({
          match: param.name,
          ...ownRules[golden.optimizer]?.(param.options ?? {}),
          ...rankFraction(golden, param),
        })),
    },
  };
}

/** The rank of low-rank steps, for the parameters that make them. */
const rankOf = ({ options }: Trajectory, role: string): unknown =>
  role === "hidden" || role === "conv" ? (options.rank ?? undefined) : undefined;

/** As a share of a parameter's own short side, half a rank below, since shares are rounded up. */
function rankFraction(golden: Trajectory, { role, shape }: Trajectory["params"][number]): Options {
  const rank = rankOf(golden, role);
  if (rank === undefined) return {};
  const short = Math.min(
    shape[0] ?? 1,
    shape.slice(1).reduce((product, side) => product * side, 1),
  );
  return { rankFraction: (Number(rank) - 0.5) / short };
}

/** What the files leave unsaid: AdamW has the method's rate and decay, Scion the norm for the rank, of radius 1. */
function unsaid(golden: Trajectory): Options {
  const { optimizer } = golden;
  const unsaidHere = normConstrainedUnsaid[optimizer];
  if (unsaidHere !== undefined) return unsaidHere(golden);
  if (optimizer === "normuon" || optimizer === "polargrad") return { normalization: normalizationOf(golden) };
  const known = fisherUnsaid[optimizer] ?? manifoldUnsaid[optimizer];
  if (known !== undefined) return known(golden.options);
  if (optimizer === "scion") return { norm: "auto", radius: 1 };
  if (optimizer !== "muon") return {};
  const normalization = normalizationOf(golden);
  return { auxiliaryLearningRate: "same", auxiliaryWeightDecay: "same", normalization };
}
