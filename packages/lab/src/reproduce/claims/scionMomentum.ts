import type { Scale } from "../claim.ts";
import { differenceText, lowerThan } from "../compareFinals.ts";
import { smallImages, smallImagesText } from "../smallImages.ts";
import { sourceIn } from "../sources.ts";
import { together } from "../statistics.ts";
import { pairsTable, tunedClaim } from "../tunedClaim.ts";

const momenta = [0, 0.5, 0.9, 0.97] as const;
const label = (momentum: number): string => `α = ${Number((1 - momentum).toPrecision(3))}`;

export const scionMomentum = tunedClaim({
  name: "scion-momentum",
  title: "The momentum of Scion on images",
  source: sourceIn("scion", "figure on tuning the momentum, CIFAR-10"),
  statement:
    "Averaging matters to a step that sees directions only: with a well chosen α Unconstrained Scion ends lower than without an average (α = 1) and lower than with a very long one.",
  setup: (
    scale: Scale,
  ) => `${smallImagesText("cnn", scale)}, linear decay. \`unconstrained_scion\` in the norms for images with α = 1 − momentum of ${momenta.map((one) => Number((1 - one).toPrecision(3))).join(", ")}; each gets four learning rates and what a best value at an
end calls for (seed 0), then five fresh seeds. The figure has no numbers in the source; the claim is read as: the best α lies inside the range and ends below both ends of it (paired
t-tests).`,
  protocol: (scale) => ({
    base: smallImages("cnn", scale),
    methods: momenta.map((momentum) => ({
      label: label(momentum),
      optimizer: "unconstrained_scion",
      options: { momentum },
      axes: [{ name: "learningRate", low: 0.01, high: 0.27, scale: "log" as const, points: 4 }],
    })),
    tuningSeeds: [0],
    finalSeeds: [101, 102, 103, 104, 105],
    extend: 2,
  }),
  judge(by, outcomes) {
    const [none, long] = [by(label(momenta[0])), by(label(momenta[3]))];
    const inside = [by(label(momenta[1])), by(label(momenta[2]))];
    const trialLoss = (one: (typeof inside)[number]): number =>
      one.points[0]?.loss ?? Number.POSITIVE_INFINITY;
    // Chosen by the trials: the final seeds decide, and must not choose.
    const [best = none] = [...inside].sort((a, b) => trialLoss(a) - trialLoss(b));
    return {
      verdict: together([lowerThan(best, none), lowerThan(best, long)]),
      headline: `${differenceText(best, none)} (no average) and ${differenceText(best, long)}.`,
      tables: [pairsTable(outcomes)],
    };
  },
  label: "Loss by learning rate, over steps, and differences to no average for four values of α",
  reference: label(momenta[0]),
  remarks: [
    "A short run punishes a long average: with α = 0.03 a gradient takes some 33 steps to come through.",
    "The best inner α is chosen by the trials, the verdict is made by fresh seeds.",
  ],
});
