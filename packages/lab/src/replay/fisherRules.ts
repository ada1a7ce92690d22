import { as, nothing, only, plain, type Rules } from "./rule.ts";

const decoupled = only("weightDecayMode", "decoupled");

/** Options of the Fisher family in golden files. */
export const fisherRules: Readonly<Record<string, Rules>> = {
  adafactor: {
    ...plain,
    eps1: as("eps"),
    eps2: as("parameterFloor"),
    clipThreshold: as("clipThreshold"),
    decayRate: (value) => [["decayRate", -Number(value)]],
    scaleParameter: as("multiplyByParameterScale"),
    relativeStep: (value) => [["relativeStep", value ? "on" : "off"]],
    warmupInit: only("warmupInit", false),
    weightDecayMode: decoupled,
  },
  adamax: plain,
  nadam: { ...plain, momentumDecay: as("momentumDecay") },
  radam: plain,
  ademamix: { ...plain, beta3: as("b3"), alpha: as("alpha"), weightDecayMode: decoupled },
  lamb: {
    ...plain,
    biasCorrection: (value) => [["biasCorrection", value ? "stepSize" : "none"]],
    weightNormClamp: as("maxWeightNorm"),
  },
  lars: {
    ...plain,
    trustCoefficient: as("trustCoefficient"),
    trustNorm: only("trustNorm", undefined),
    momentumInit: only("momentumInit", undefined),
    dampening: nothing,
    weightDecayMode: only("weightDecayMode", "l2"),
  },
};

/** What their files leave unsaid: fairseq's Adafactor factors every matrix. */
export const fisherUnsaid: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  adafactor: { minDimSizeToFactor: 0 },
};
