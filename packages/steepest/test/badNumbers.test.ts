import { numpy as np, random } from "@jax-js/jax";
import * as matrix from "steepest/matrix";
import * as monitors from "steepest/monitors";
import * as norms from "steepest/norms";
import * as schedules from "steepest/schedules";
import * as steps from "steepest/steps";
import * as theory from "steepest/theory";
import * as transforms from "steepest/transforms";
import { describe, expect, test } from "vitest";

/** A call with one of its numbers replaced; `good` are the numbers it works with, `also` values that are right, too. */
interface Call {
  readonly good: Readonly<Record<string, number>>;
  readonly also?: Readonly<Record<string, readonly number[]>>;
  call(given: Readonly<Record<string, number>>): unknown;
}

const { max } = norms;
const layers = steps.layerNorms(() => ({ norm: max(), radius: 1 }));
const identity = transforms.identity();
const square = (): np.Array => np.eye(3);
const rate = { learningRate: 0.1, momentum: 0.9 };
const ball = { ...rate, radius: 1 };
const decayed = { ...ball, weightDecay: 0.1 };
/** A function of options, all of which are numbers; `rest` are the others. */
const of = (fn: (options: never) => unknown, good: Call["good"], rest: object = {}): Call => ({
  good,
  call: (given) => fn({ ...rest, ...given } as never),
});
const first = (name: string, value: number, fn: (x: never) => unknown): Call => ({
  good: { [name]: value },
  call: (given) => fn(given[name] as never),
});
/** A function of numbers in their order. */
const inOrder = (fn: (...x: never[]) => unknown, good: Call["good"]): Call => ({
  good,
  call: (given) => fn(...(Object.values(given) as never[])),
});

const ofTransforms: Partial<Record<keyof typeof transforms, Call>> = {
  accumulate: first("every", 2, (every) => transforms.accumulate(every, identity)),
  addCautiousDecay: first("decay", 0.1, transforms.addCautiousDecay),
  addDecayedWeights: first("decay", 0.1, transforms.addDecayedWeights),
  clipByGlobalNorm: {
    ...first("norm", 1, transforms.clipByGlobalNorm),
    also: { norm: [Number.POSITIVE_INFINITY, 1e39] },
  },
  clipByRms: first("threshold", 1, transforms.clipByRms),
  ema: first("beta", 0.9, transforms.ema),
  emaCorrected: first("beta", 0.9, transforms.emaCorrected),
  inRowBlocks: first("blocks", 2, (blocks) => transforms.inRowBlocks(blocks, identity)),
  hyperball: of((o) => transforms.hyperball(identity, o), { learningRate: 0.1, radius: 1 }),
  keepNorm: first("radius", 1, transforms.keepNorm),
  manifoldNormalized: of(transforms.manifoldNormalized, { eps: 1e-8, scale: 1, weightDecay: 0.1 }),
  preconditioned: of((o) => transforms.preconditioned({ name: "none" } as never, o), {
    b1: 0.9,
    b2: 0.9,
    b2Measured: 0.9,
    start: 1,
  }),
  qkClip: of(transforms.qkClip, { threshold: 100 }, { pairs: [] }),
  relativeUpdate: first("radius", 1, transforms.relativeUpdate),
  scale: { ...first("factor", 2, transforms.scale), also: { factor: [-1] } },
  scaleByAdam: of(transforms.scaleByAdam, { b1: 0.9, b2: 0.9, eps: 1e-8 }),
  scaleByLearningRate: first("learningRate", 0.1, transforms.scaleByLearningRate),
  scaleByTrustRatio: {
    ...of(transforms.scaleByTrustRatio, { coefficient: 1, eps: 0, maxWeightNorm: 10 }),
    also: { maxWeightNorm: [Number.POSITIVE_INFINITY] },
  },
  sinkhorn: of(transforms.sinkhorn, { steps: 5, eps: 1e-8 }),
  trace: {
    good: { momentum: 0.9, dampening: 0.1 },
    call: ({ momentum = 0, dampening = 0 }) => transforms.trace(momentum, { dampening }),
  },
  weightAverage: of((o) => transforms.weightAverage(identity, o), { decay: 0.9 }),
};

const ofSteps: Partial<Record<keyof typeof steps, Call>> = {
  averagedOracle: of((o) => steps.averagedOracle(max(), o), decayed),
  clippedConditionalGradient: {
    ...of((o) => steps.clippedConditionalGradient(layers, o), { ...rate, weightDecay: 0.1, threshold: 1 }),
    also: { threshold: [Number.POSITIVE_INFINITY, 1e39] },
  },
  conditionalGradient: of((o) => steps.conditionalGradient(max(), o), ball),
  impliedConstraint: of(steps.impliedConstraint, { learningRate: 0.1, weightDecay: 0.1, radius: 1 }),
  impliedDecay: of(steps.impliedDecay, { step: 0.1, radius: 1 }),
  lionK: of((o) => steps.lionK(max(), o), {
    learningRate: 0.1,
    b1: 0.9,
    b2: 0.99,
    weightDecay: 0.1,
    radius: 1,
  }),
  oracleStep: first("radius", 1, (radius) => steps.oracleStep(max(), radius)),
  shortStep: {
    ...of((o) => steps.shortStep(layers, o), { ...ball, threshold: 1 }),
    also: { threshold: [Number.POSITIVE_INFINITY, 1e39] },
  },
  smoothnessStep: {
    good: { radius: 1, l0: 1, l1: 1 },
    call: ({ radius = 0, l0 = 0, l1 = 0 }) => steps.smoothnessStep(max(), radius, { l0, l1 }),
  },
  steepestDescent: of((o) => steps.steepestDescent(max(), o), { ...rate, weightDecay: 0.1 }),
  unconstrainedConditionalGradient: of((o) => steps.unconstrainedConditionalGradient(max(), o), decayed),
};

const ofNorms: Partial<Record<keyof typeof norms, Call>> = {
  auto: of(norms.auto, { scale: 1 }),
  biasRms: of(norms.biasRms, { eps: 1e-8, scale: 1 }),
  biasSign: of(norms.biasSign, { scale: 1 }),
  columns: of(norms.columns, { eps: 1e-8, scale: 1 }),
  combine: first("alpha", 0.5, (alpha) => norms.combine(alpha, max(), max())),
  defineNorm: first("scale", 2, (scale) => norms.defineNorm(max(), scale)),
  euclidean: of(norms.euclidean, { eps: 0, scale: 1 }),
  fStar: of(norms.fStar, { alpha: 0.5, scale: 1 }),
  fTwo: of(norms.fTwo, { alpha: 0.5, scale: 1 }),
  frobenius: of(norms.frobenius, { eps: 0, scale: 1 }),
  kyFanDual: of(norms.kyFanDual, { k: 2, scale: 1 }),
  l1: of(norms.l1, { scale: 1 }),
  max: of(norms.max, { scale: 1 }),
  nuclear: of(norms.nuclear, { scale: 1 }),
  rows: of(norms.rows, { eps: 1e-8, scale: 1 }),
  scaled: first("radius", 2, (radius) => norms.scaled(max(), radius)),
  schattenP: of(norms.schattenP, { p: 3, scale: 1 }),
  sign: of(norms.sign, { scale: 1 }),
  spectral: of(norms.spectral, { scale: 1 }),
  spectralConv: of(norms.spectralConv, { scale: 1 }),
};

const ofMonitors: Partial<Record<keyof typeof monitors, Call>> = {
  predictedDescent: of(
    (o) => monitors.predictedDescent(np.ones([]), o),
    { rate: 0.1, smoothness: 1 },
    {
      method: "steepestDescent",
    },
  ),
  runningSmoothness: of(monitors.runningSmoothness, { decay: 0.9 }),
  weightBound: of(monitors.weightBound, { start: 1, radius: 1, sumOfRates: 1 }, { constrained: false }),
};

const ofSchedules: Partial<Record<keyof typeof schedules, Call>> = {
  constant: first("value", 1, schedules.constant),
  cosine: of(schedules.cosine, { steps: 10, warmup: 2, final: 0.1 }),
  exponential: of(schedules.exponential, { steps: 10, factor: 0.5, least: 0.1 }),
  growingMomentum: of(schedules.growingMomentum, { power: 0.5 }),
  inverseSquareRoot: of(schedules.inverseSquareRoot, { warmup: 5 }),
  linear: of(schedules.linear, { steps: 10, from: 1, to: 0 }),
  polynomial: of(schedules.polynomial, { steps: 10, power: 2, from: 1, to: 0 }),
  piecewise: first("value", 1, (value) => schedules.piecewise({ 0: value, 5: 0.1 })),
  rateAt: first("step", 3, (step) => schedules.rateAt(schedules.constant(1), step)),
  reduceOnPlateau: of(schedules.reduceOnPlateau, { factor: 0.5, patience: 3 }),
  warmup: first("steps", 5, (count) => schedules.warmup(schedules.constant(1), count)),
  warmupStableDecay: of(schedules.warmupStableDecay, { steps: 10, warmup: 1, decay: 2, final: 0.1 }),
};

const ofMatrix: Partial<Record<keyof typeof matrix, Call>> = {
  bestOddCubic: inOrder(matrix.bestOddCubic, { lower: 0.1, upper: 1 }),
  bestOddQuintic: inOrder(matrix.bestOddQuintic, { lower: 0.1, upper: 1 }),
  coupledNewton: {
    ...of((o: { p: number }) => matrix.coupledNewton(square(), o.p, o as object), {
      p: 2,
      eps: 1e-12,
      steps: 2,
      tolerance: 1e-6,
      growth: 1.2,
    }),
  },
  coupledNewtonSchulz: of((o) => matrix.coupledNewtonSchulz(square(), o), { steps: 2, ridge: 0 }),
  gramNewtonSchulzFlops: of(matrix.gramNewtonSchulzFlops, { rows: 8, columns: 4, steps: 5, restarts: 1 }),
  gramRestarts: of((o) => matrix.gramRestarts([[1, 1, 1]], o), { rounding: 1e-6, limit: 300 }),
  inverseRoot: of((o: { p: number }) => matrix.inverseRoot(square(), o.p, o as object), { p: 2, eps: 0 }),
  lakic: of((o) => matrix.lakic(square(), o), { steps: 2 }),
  lanczos: of((o) => matrix.lanczos(square(), o), { steps: 2 }),
  leveragePolar: of((o) => matrix.leveragePolar(square(), { polar: "svd", ...(o as object) }), {
    iterations: 2,
    power: 0.5,
  }),
  newtonSchulzFlops: of(matrix.newtonSchulzFlops, { rows: 8, columns: 4, steps: 5 }),
  newtonSchulz: of((o) => matrix.newtonSchulz(square(), o), { steps: 3 }),
  polarExpress: of((o) => matrix.polarExpress(square(), o), { steps: 3 }),
  powerIteration: of((o) => matrix.powerIteration(square(), o), { steps: 2 }),
  randomizedSvd: of((o) => matrix.randomizedSvd(random.key(0), square(), o), {
    rank: 2,
    oversample: 1,
    iterations: 1,
  }),
  riemannianLeveragePolar: of(
    (o) => matrix.riemannianLeveragePolar(square(), { polar: "svd", ...(o as object) }),
    { iterations: 1, solverSteps: 1, step: 0.1 },
  ),
  startVector: first("size", 3, (size) => matrix.startVector(size)),
  svd: of((o) => matrix.svd(square(), o), { nullBelow: 0 }),
  truncatedSvd: first("rank", 2, (rank) => matrix.truncatedSvd(square(), rank)),
};

const descent = { gap: 1, steps: 10, learningRate: 0.1 };
const infinite = { threshold: [Number.POSITIVE_INFINITY, 1e39] };
const noise = { alpha: 0.5, sigma: 1, factor: 2 };

const ofTheory: Partial<Record<keyof typeof theory, Call>> = {
  clippedBound: {
    ...of(theory.clippedBound, { ...descent, threshold: 1, l0: 1, l1: 0.5 }),
    also: infinite,
  },
  dualFactor: of((o) => theory.dualFactor("schatten_p", [4, 3], o), { p: 3, k: 2, alpha: 0.5 }),
  meanEstimatorError: {
    good: { steps: 5, ...noise, drift: 0.1 },
    call: ({ steps: count = 0, sigma = 0, alpha = 0, factor = 0, drift = 0 }) =>
      theory.meanEstimatorError(count, { alpha, noise: sigma, factor, drift }),
  },
  noisyClippedBound: {
    ...of(theory.noisyClippedBound, { ...descent, ...noise, smoothness: 1, threshold: 1 }),
    also: { threshold: [1e39] },
  },
  noisyShortStepBound: of(theory.noisyShortStepBound, {
    ...descent,
    ...noise,
    smoothness: 1,
    threshold: 1,
    radius: 1,
  }),
  noisyStepsToReach: of(theory.noisyStepsToReach, {
    smoothness: 1,
    gap: 1,
    accuracy: 0.1,
    sigma: 1,
    factor: 2,
  }),
  relaxedConditionalGradientBound: of(theory.relaxedConditionalGradientBound, {
    ...descent,
    threshold: 1,
    l0: 1,
    l1: 0.5,
  }),
  scgBound: of(theory.scgBound, { ...descent, smoothness: 1, radius: 1 }),
  shortStepBound: of(theory.shortStepBound, { ...descent, smoothness: 1, threshold: 1, radius: 1 }),
  stepsToReach: of(theory.stepsToReach, { smoothness: 1, gap: 1, accuracy: 0.1 }),
  uscgBound: of(theory.uscgBound, { ...descent, smoothness: 1, radius: 1 }),
};

const rooms = {
  theory: ofTheory,
  transforms: ofTransforms,
  steps: ofSteps,
  norms: ofNorms,
  monitors: ofMonitors,
  schedules: ofSchedules,
  matrix: ofMatrix,
};
const wrong = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1e39, "1", {}, -1];
/** Where −1 is a number like others. */
const signed = [
  "transforms scale factor",
  "matrix leveragePolar power",
  "matrix riemannianLeveragePolar step",
];

for (const [room, table] of Object.entries(rooms)) {
  describe(room, () => {
    test.each(Object.entries(table))(
      "%s refuses what is no number of its range",
      (name, { good, also, call }) => {
        call(good);
        for (const option of Object.keys(good)) {
          for (const bad of wrong) {
            if (also?.[option]?.some((right) => Object.is(right, bad))) continue;
            if (bad === -1 && signed.includes(`${room} ${name} ${option}`)) continue;
            const attempt = (): unknown => call({ ...good, [option]: bad } as Call["good"]);
            let said = "nothing";
            try {
              attempt();
            } catch (error) {
              said = error instanceof Error ? error.message : String(error);
            }
            expect(said, `${option} ${String(bad)}`).toMatch(/ (must|needs) .*got |is no step/);
          }
        }
      },
    );
  });
}

/** What has no number of its own: arrays, functions and names, numbers that another one of these checks, formulas of sizes. */
const withoutNumbers = `
matrix: bandOf cansSet coefficientSet coefficientSetNames gramNewtonSchulz
iterateSchedule kellerNewtonSchulz mapSingularValue orthonormalColumns polar
polarExpressSchedule polarExpressSet polarFunction refreshEigenvectors resolveNewtonSchulz
scheduleFor semiOrthogonal singularValues stripCount symmetricEigen symmetricShare topEigenvector
withSafety
monitors: boundUsed descentBound dualFromStep effectiveRank estimateSmoothness estimatorDual gradientEstimate
gradientNoise largestSingularValue obliqueDistance rootMeanSquare rowGeometry smoothnessSample spectrumOf
sphereDistance stableRank stiefelDistance stiefelOverlap symmetricEigenvalues updateCost wolfeGap
norms: createNorm expectMatrix flattened normNames normOptions normRow productNorm transposed
schedules: join openLoop
theory: leastSquaresLipschitz productDualFactor
steps: innerProduct layerNorms
transforms: freeze globalNorm identity manifoldStep mapMatrices mapUpdates
mapWithWeights moveOn nuclearScaled onMatrices orthogonalize perParameter projectOn rootMeanSquare
scaleByShape sign skipNonFinite skippedSteps tangentAt
`;

test("whatever else is exported has no number of its own", () => {
  const exported = { theory, transforms, steps, norms, monitors, schedules, matrix };
  const rest = Object.entries(exported).flatMap(([room, names]) => {
    const table: object = Object.entries(rooms).find(([name]) => name === room)?.[1] ?? {};
    return Object.entries(names)
      .filter(([name, value]) => typeof value === "function" && !Object.hasOwn(table, name))
      .map(([name]) => name);
  });
  const known = withoutNumbers.split(/\s+/).filter((word) => word !== "" && !word.endsWith(":"));
  expect(rest.sort()).toEqual(known.sort());
});
