import type { PlanInput } from "../../plan/planInput.ts";
import type { Scale } from "../claim.ts";
import { differenceText, lossDifference, lowerThan } from "../compareFinals.ts";
import type { Tuned } from "../protocol.ts";
import { smallImages, smallImagesText } from "../smallImages.ts";
import { sourceIn } from "../sources.ts";
import { together, verdictOf } from "../statistics.ts";
import { pairsTable, tunedClaim } from "../tunedClaim.ts";

/** ρ of the trials. As it goes to 0 the clipped method becomes Scion itself. */
const thresholds: readonly number[] = [2, 8];
/** A difference of this many nats is none, where the paper says "similar". */
const SIMILAR = 0.02;

/** Scion and its clipped form, with as many trials each. */
const pair = (suffix: string, model: PlanInput): Tuned[] => [
  {
    label: `scion${suffix}`,
    optimizer: "unconstrained_scion",
    model,
    axes: [{ name: "learningRate", low: 5e-3, high: 0.16, scale: "log", points: 6 }],
  },
  {
    label: `clipped scion${suffix}`,
    optimizer: "unconstrained_clipped_scion",
    options: { initialize: "norm" }, // as unconstrained_scion starts
    model,
    axes: [
      { name: "learningRate", low: 0.01, high: 0.09, scale: "log", points: 3 },
      { name: "rho", values: thresholds },
    ],
  },
];

const common = {
  tuningSeeds: [0],
  finalSeeds: [101, 102, 103, 104, 105],
  extend: 2,
};

const parametrisation =
  "ρ is compared with the dual norm of the averaged gradient over all layers, in the parametrisation of the authors' code (learning rate = γρ).";

export const clippedSchedule = tunedClaim({
  name: "clipped-schedule",
  title: "Clipping on images, at a fixed step and with decay",
  source: sourceIn("clipped", "section 6, figure 1, CIFAR-10"),
  statement:
    "At a fixed step size clipping improves Unconstrained Scion substantially on images; with linear decay the two perform about the same.",
  setup: (
    scale: Scale,
  ) => `${smallImagesText("cnn", scale)}, once with a constant rate and once with linear decay. Scion gets six learning rates, its clipped form three with two thresholds ρ, and what a best value at an end calls
for (seed 0); then five fresh seeds. Both start on the spheres of Scion's norms. The claim is read as: at a constant rate the clipped form ends lower (paired t-test), and with
decay their difference is within ±${SIMILAR} nats (its whole 95 % interval).`,
  protocol: (scale) => ({
    base: smallImages("cnn", scale),
    methods: (["constant", "linear"] as const).flatMap((schedule) => pair(`, ${schedule}`, { schedule })),
    ...common,
  }),
  judge(by, outcomes) {
    const [plain, clipped] = [by("scion, constant"), by("clipped scion, constant")];
    const [plainDecayed, clippedDecayed] = [by("scion, linear"), by("clipped scion, linear")];
    const test = lossDifference(clippedDecayed, plainDecayed);
    const similar = together([
      verdictOf(test, "below", SIMILAR, test?.pairs ?? 0),
      verdictOf(test, "above", -SIMILAR, test?.pairs ?? 0),
    ]);
    return {
      verdict: together([lowerThan(clipped, plain), similar]),
      headline: `Constant rate: ${differenceText(clipped, plain)}. Linear decay: ${differenceText(clippedDecayed, plainDecayed)}.`,
      tables: [pairsTable(outcomes)],
    };
  },
  label: "Loss by learning rate and over steps with and without clipping, at a constant rate and with decay",
  reference: "scion, constant",
  remarks: [
    "Losses, not accuracies, are compared: they tell more apart at this size. They are of 8 batches of test images.",
    parametrisation,
  ],
});

export const clippedVit = tunedClaim({
  name: "clipped-vit",
  title: "Clipping on a vision transformer",
  source: sourceIn("clipped", "section 6, DeiT-base on ImageNet"),
  statement:
    "Unconstrained ClippedScion is faster than Unconstrained Scion on a vision transformer (by 11 % there).",
  setup: (
    scale: Scale,
  ) => `${smallImagesText("vit", scale)}, linear decay. Scion gets six learning rates, its clipped form three with two thresholds ρ, and what a best value at an end calls for (seed 0); then
five fresh seeds. A run this short reaches no common target with certainty, so that the claim is read as: the clipped form ends lower after the same steps (paired t-test).`,
  protocol: (scale) => ({ base: smallImages("vit", scale), methods: pair("", {}), ...common }),
  judge(by) {
    const [plain, clipped] = [by("scion"), by("clipped scion")];
    return { verdict: lowerThan(clipped, plain), headline: `${differenceText(clipped, plain)}.` };
  },
  label: "Loss by learning rate and over steps with and without clipping on a vision transformer",
  reference: "scion",
  remarks: [
    "The paper's norms for images are spectral, spectral, sign; the model has a class token and positions of its own, which get the norms of their roles.",
    parametrisation,
  ],
});
