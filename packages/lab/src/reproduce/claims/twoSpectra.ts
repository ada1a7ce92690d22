import { createOptimizer, describeOptimizer, type OptimizerName, optimizerNames } from "steepest";
import { LEAST_SEEDS } from "../../compare/standing.ts";
import { measurementOf } from "../../plan/rates/measurement.ts";
import type { Scale, Table } from "../claim.ts";
import { differenceText, lossDifference, lowerThan, settingsText } from "../compareFinals.ts";
import type { Protocol, Tuned, TunedOutcome } from "../protocol.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { intervalOf, meanOf, short, together, withInterval } from "../statistics.ts";
import { tunedClaim } from "../tunedClaim.ts";

/** From the coarsest structure of the curvature estimate to the finest, as the notes' table has them. */
const spectrum = ["adam", "eigen_adam", "soap"] as const;
const FACTOR = 3;

/** Whether a method takes weight decay at all rates that are tried: some do only in one of their forms, or up to ηλ = 1. */
function decays(name: OptimizerName, largest: number): boolean {
  if (!("weightDecay" in describeOptimizer(name).options)) return false;
  try {
    createOptimizer(name, { learningRate: largest, weightDecay: 0.1 });
    return true;
  } catch {
    return false;
  }
}

/** Six trials each: three rates around the one that served it best on the default job, with two values of what else it has. */
function methodOf(name: OptimizerName): Tuned {
  const { options } = describeOptimizer(name);
  const middle = measurementOf(name)?.learningRate ?? 0.01;
  const rate = (points: number) => ({
    name: "learningRate",
    low: middle / FACTOR,
    high: middle * FACTOR,
    scale: "log" as const,
    points,
  });
  if ("auxiliaryLearningRate" in options)
    return {
      label: name,
      optimizer: name,
      axes: [rate(3), { name: "auxiliaryLearningRate", values: [0.01, 0.03] }],
    };
  if (decays(name, middle * FACTOR ** 3))
    return { label: name, optimizer: name, axes: [rate(3), { name: "weightDecay", values: [0, 0.1] }] };
  return { label: name, optimizer: name, axes: [rate(6)] };
}

const protocol = (scale: Scale): Protocol => ({
  base: smallGpt(scale),
  methods: optimizerNames().map(methodOf),
  tuningSeeds: [0],
  finalSeeds: [101, 102, 103],
  extend: 1,
});

const lossOf = ({ finals }: TunedOutcome): number => {
  const losses = finals.flatMap(({ run }) => run.valLoss ?? []);
  return losses.length === 0 ? Number.POSITIVE_INFINITY : meanOf(losses);
};

const floatsOf = ({ finals }: TunedOutcome): number => {
  const [first] = finals;
  return (first?.run.stateFloats ?? Number.NaN) / (first?.run.parameters ?? Number.NaN);
};

const msOf = ({ finals }: TunedOutcome): number =>
  Math.min(...finals.map(({ run }) => run.msPerStep ?? Number.POSITIVE_INFINITY));

/** Those of which the best cannot be told apart: its interval with each holds zero. */
function besideBest(ranked: readonly TunedOutcome[]): Set<string> {
  const [best] = ranked;
  if (best === undefined) return new Set();
  const tied = ranked.filter((one) => {
    const test = one === best ? undefined : lossDifference(one, best);
    return one === best || (test !== undefined && (test.pairs < LEAST_SEEDS || test.low <= 0));
  });
  return new Set(tied.map(({ label }) => label));
}

const rankTable = (ranked: readonly TunedOutcome[]): Table => {
  const tied = besideBest(ranked);
  const [best] = ranked;
  return {
    caption:
      "All methods by their mean loss on fresh seeds. ●: cannot be told from the first (95 %, paired by seed, without correction for their number).",
    head: ["", "method", "", "family", "loss", "above the first", "settings", "state", "ms a step"],
    rows: ranked.map((one, i) => {
      const name = one.label as OptimizerName;
      const test = best === undefined || one === best ? undefined : lossDifference(one, best);
      return [
        String(i + 1),
        one.label,
        tied.has(one.label) ? "●" : "",
        describeOptimizer(name).family,
        withInterval(intervalOf(one.finals.flatMap(({ run }) => run.valLoss ?? []))),
        test === undefined ? "" : short(test.mean),
        one.settings === null ? "all diverged" : settingsText(one.settings),
        short(floatsOf(one)),
        short(msOf(one)),
      ];
    }),
  };
};

export const twoSpectra = tunedClaim({
  name: "two-spectra",
  title: "All methods on one task: loss against state and time",
  source: sourceIn("spectra", "structured Fisher approximations, table of structures"),
  statement:
    "A richer structure of the curvature estimate captures more and costs more memory and time: from Adam over Eigen-Adam to SOAP the loss falls while state and time grow.",
  setup: (
    scale: Scale,
  ) => `${smallGptText(scale)}, linear decay. All ${optimizerNames().length} methods of the catalogue, six trials each and what a best value at an end calls for (seed 0): three learning rates, a factor of ${FACTOR} apart around the one of the [sweep](../all-optimizers.md),
with two values of the rate of the AdamW beside a matrix method, or of weight decay; six rates where there is neither. Then three fresh seeds with the best settings. Milliseconds are those of a whole step with one thread, the least of the runs, on a machine with other work.
The claim is read as: Eigen-Adam ends below Adam and SOAP below Eigen-Adam (paired t-tests), with more floats of state in this order.`,
  protocol,
  judge(by, outcomes) {
    const ranked = [...outcomes].sort((a, b) => lossOf(a) - lossOf(b));
    const [adam, eigen, soap] = [by(spectrum[0]), by(spectrum[1]), by(spectrum[2])];
    const grows = floatsOf(adam) < floatsOf(eigen) && floatsOf(eigen) < floatsOf(soap);
    const [first] = ranked;
    const points = (x: (one: TunedOutcome) => number, family: string) =>
      outcomes.flatMap((one) =>
        describeOptimizer(one.label as OptimizerName).family === family && Number.isFinite(lossOf(one))
          ? [[x(one), lossOf(one)] as const]
          : [],
      );
    const families = [
      ...new Set(outcomes.map(({ label }) => describeOptimizer(label as OptimizerName).family)),
    ];
    const against = (title: string, x: string, read: (one: TunedOutcome) => number) => ({
      title,
      x: { label: x, log: true },
      y: { label: "loss, mean of fresh seeds" },
      series: families.map((family) => ({
        name: family,
        dots: "only" as const,
        points: points(read, family),
      })),
    });
    return {
      verdict: together([lowerThan(eigen, adam), lowerThan(soap, eigen), grows ? "holds" : "does not hold"]),
      headline:
        `${differenceText(eigen, adam)}, ${differenceText(soap, eigen)}; state ${short(floatsOf(adam))}, ${short(floatsOf(eigen))} and ${short(floatsOf(soap))} floats per parameter. ` +
        `${first?.label ?? "none"} is first; ${besideBest(ranked).size - 1} others cannot be told from it.`,
      tables: [rankTable(ranked)],
      panels: [
        against("loss against state", "floats of state per parameter", (one) => Math.max(0.1, floatsOf(one))),
        against("loss against time", "ms a step", msOf),
      ],
    };
  },
  label: "Loss of all methods against their state and against the time of a step, by family",
  reference: "adam",
  plots: "own",
  remarks: [
    "The best of many is lucky with its seeds: of the first places the group that cannot be told apart counts, not the order in it.",
    "State below 0.1 floats per parameter is drawn at 0.1.",
    "One task, 150 steps of 110 thousand parameters: the order at another scale is another question.",
  ],
});
