import { describeOptimizer, type OptimizerName, optimizerNames } from "steepest";

import { allMethods, FACTOR } from "../allMethods.ts";
import type { Scale } from "../claim.ts";
import { differenceText, lowerThan } from "../compareFinals.ts";
import type { Protocol, TunedOutcome } from "../protocol.ts";
import { besideBest, floatsOf, lossOf, msOf, rankTable } from "../rankMethods.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { smallImages, smallImagesText } from "../smallImages.ts";
import { sourceIn } from "../sources.ts";
import { short, together } from "../statistics.ts";
import { type Judgement, type TunedClaim, tunedClaim } from "../tunedClaim.ts";

/** From the coarsest structure of the curvature estimate to the finest, as the notes' table has them. */
const spectrum = ["adam", "eigen_adam", "soap"] as const;

const protocol = (base: Protocol["base"], extend: number): Protocol => ({
  base,
  methods: allMethods(),
  tuningSeeds: [0],
  finalSeeds: [101, 102, 103],
  extend,
});

const setup = (
  job: string,
) => `${job}, linear decay. All ${optimizerNames().length} methods of the catalogue, six trials each and what a best value at an end calls for (seed 0): three learning rates, a factor of ${FACTOR} apart around the one of the [sweep](../all-optimizers.md),
with two values of the rate of the AdamW beside a matrix method, or of weight decay; six rates where there is neither. Then three fresh seeds with the best settings. Milliseconds are those of a whole step with one thread, the least of the runs, on a machine with other work.
The claim is read as: Eigen-Adam ends below Adam and SOAP below Eigen-Adam (paired t-tests), with more floats of state in this order.`;

const familyOf = ({ label }: TunedOutcome): string => describeOptimizer(label as OptimizerName).family;

const judge: TunedClaim["judge"] = (by, outcomes): Judgement => {
  const ranked = [...outcomes].sort((a, b) => lossOf(a) - lossOf(b));
  const [adam, eigen, soap] = [by(spectrum[0]), by(spectrum[1]), by(spectrum[2])];
  const grows = floatsOf(adam) < floatsOf(eigen) && floatsOf(eigen) < floatsOf(soap);
  const [first] = ranked;
  const families = [...new Set(outcomes.map(familyOf))];
  const against = (title: string, x: string, read: (one: TunedOutcome) => number) => ({
    title,
    x: { label: x, log: true },
    y: { label: "loss, mean of fresh seeds" },
    series: families.map((family) => ({
      name: family,
      dots: "only" as const,
      points: outcomes.flatMap((one) =>
        familyOf(one) === family && Number.isFinite(lossOf(one)) ? [[read(one), lossOf(one)] as const] : [],
      ),
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
};

const shared = {
  source: sourceIn("spectra", "structured Fisher approximations, table of structures"),
  statement:
    "A richer structure of the curvature estimate captures more and costs more memory and time: from Adam over Eigen-Adam to SOAP the loss falls while state and time grow.",
  judge,
  label: "Loss of all methods against their state and against the time of a step, by family",
  reference: "adam",
  plots: "own",
} as const;

const remarks = [
  "The best of many is lucky with its seeds: of the first places the group that cannot be told apart counts, not the order in it.",
  "State below 0.1 floats per parameter is drawn at 0.1.",
];

/** A task quick enough for a thousand runs. */
const imageJob = (scale: Scale) => (scale === "small" ? "mlp" : "cnn");

/** The tasks. The rates around which it searches are those of text: on images a range may go on further. */
export const spectraJobs = [
  {
    claim: "two-spectra",
    name: "text",
    job: smallGptText,
    protocol: (scale: Scale): Protocol => protocol(smallGpt(scale), 1),
  },
  {
    claim: "two-spectra-images",
    name: "images",
    job: (scale: Scale): string => smallImagesText(imageJob(scale), scale),
    protocol: (scale: Scale): Protocol => protocol(smallImages(imageJob(scale), scale), 4),
  },
] as const;

const [text, images] = spectraJobs;

export const twoSpectra = tunedClaim({
  ...shared,
  name: text.claim,
  title: "All methods on text: loss against state and time",
  setup: (scale: Scale) => setup(text.job(scale)),
  protocol: text.protocol,
  remarks: [
    ...remarks,
    "One task, 150 steps of 110 thousand parameters: the order at another scale is another question.",
  ],
});

export const twoSpectraImages = tunedClaim({
  ...shared,
  name: images.claim,
  title: "All methods on images: loss against state and time",
  setup: (scale: Scale) => setup(images.job(scale)),
  protocol: images.protocol,
  remarks: [
    ...remarks,
    "One task, 150 steps of 55 thousand parameters without convolutions: the order at another scale is another question.",
  ],
});
