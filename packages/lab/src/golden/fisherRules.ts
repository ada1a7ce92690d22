import { as, nothing, only, plain, type Rules } from "./rule.ts";

type Options = Readonly<Record<string, unknown>>;

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
    trustNorm: (value) => [["trustDenominator", value]],
    momentumInit: only("momentumInit", "gradient"), // startState.ts
    dampening: nothing,
    weightDecayMode: only("weightDecayMode", "l2"),
  },
  conda: {
    ...plain,
    updateProjGap: as("gap"),
    scale: as("scale"),
    projType: as("projection"),
    correctBias: only("correctBias", true),
    weightDecayMode: decoupled,
  },
  racs: { ...plain, beta: only("single-pass beta", undefined) },
  shampoo: {
    ...plain,
    matrixEps: only("matrixEps", undefined),
    exponent: nothing, // −1/4 of a matrix and −1/2 of a vector, in different words
    updateFrequency: as("preconditionFrequency"),
    startStep: as("startPreconditioningStep"),
    useBiasCorrection: as("biasCorrection"),
    graft: as("graft"),
    graftBeta2: as("graftB2"),
    graftEps: as("graftEps"),
    weightDecayMode: decoupled,
  },
  soap: {
    ...plain,
    shampooBeta: as("shampooB"),
    correctBias: as("correctBias"),
    normalizeGrads: as("normalizeGrads"),
    mergeDims: only("mergeDims", false),
    preconditionFrequency: as("preconditionFrequency"),
    maxPrecondDim: as("maxPreconditionDim"),
    weightDecayMode: decoupled,
  },
  swan: { ...plain, steps: as("steps"), beta: only("beta", 0.5), eps: as("deviationFloor") },
};

/** What their files leave unsaid. */
export const fisherUnsaid: Readonly<Record<string, (options: Options) => Options>> = {
  adafactor: () => ({ minDimSizeToFactor: 0 }), // fairseq factors every matrix
  // The paper's rule has sums of G Gᵀ from eps·I and a sum of steps; the file with beta1 is the distributed code.
  shampoo: ({ beta1 }) =>
    beta1 === undefined
      ? {
          vectors: "shampoo",
          rootSteps: "fromFirst",
          b1: 0,
          b2: 1,
          epsAt: "start",
          graft: "none",
          startPreconditioningStep: 1,
        }
      : { vectors: "shampoo" },
  swan: () => ({ alpha: 1, divisor: "trace" }), // the file divides X by its Frobenius norm
};
