import type { Claim, Scale } from "../claim.ts";
import { differenceText } from "../compareFinals.ts";
import type { Tuned } from "../protocol.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { smallImages, smallImagesText } from "../smallImages.ts";
import { sourceIn } from "../sources.ts";
import { together } from "../statistics.ts";
import { notAbove, pairsTable, tunedClaim } from "../tunedClaim.ts";

/** A difference of this many nats is none. */
const SIMILAR = 0.02;

const names = ["nsgd", "muon", "f_muon", "neon", "f_neon"] as const;

const methods = (low: number, high: number): Tuned[] =>
  names.map((name) => ({
    label: name,
    optimizer: name,
    // The rates that AdamW has for the other weights: the same two for all.
    axes: [
      { name: "learningRate", low, high, scale: "log", points: 4 },
      { name: "auxiliaryLearningRate", values: [0.01, 0.03] },
    ],
  }));

const statement =
  "Mixing the spectral or the nuclear step with the normalised gradient costs nothing: F-Muon is as good as Muon and F-Neon as good as Neon.";

const reading = `Each method gets eight trials over its learning rate and that of the AdamW beside it, and what a best value at an end calls for (seed 0), then five fresh seeds. The draft names the
benchmark and gives no result; the claim is read as: F-Muon (α = ½) ends at most ${SIMILAR} nats above Muon, and F-Neon at most ${SIMILAR} above Neon (whole 95 % intervals).`;

const nuclearOn = (
  job: "cnn" | "gpt",
  spec: {
    readonly title: string;
    readonly where: string;
    text(scale: Scale): string;
    base(scale: Scale): ReturnType<typeof smallGpt>;
    readonly rates: readonly [low: number, high: number];
  },
): Claim =>
  tunedClaim({
    name: `nuclear-${job}`,
    title: spec.title,
    source: sourceIn("nuclear", spec.where),
    statement,
    setup: (scale) => `${spec.text(scale)}, linear decay. ${reading}`,
    protocol: (scale) => ({
      base: spec.base(scale),
      methods: methods(...spec.rates),
      tuningSeeds: [0],
      finalSeeds: [101, 102, 103, 104, 105],
      extend: 2,
    }),
    judge(by, outcomes) {
      const [nsgd, muon, fMuon, neon, fNeon] = [
        by("nsgd"),
        by("muon"),
        by("f_muon"),
        by("neon"),
        by("f_neon"),
      ];
      return {
        verdict: together([notAbove(fMuon, muon, SIMILAR), notAbove(fNeon, neon, SIMILAR)]),
        headline: `${differenceText(fMuon, muon)}; ${differenceText(fNeon, neon)}; ${differenceText(fNeon, nsgd)}.`,
        tables: [pairsTable(outcomes)],
      };
    },
    label: "Loss by learning rate, over steps, and differences to Muon for NSGD, Muon, Neon and their mixes",
    reference: "muon",
    remarks: [
      "Neon and F-Neon find their singular pair by the library's default, two power steps from the last vector.",
    ],
  });

export const nuclearGpt = nuclearOn("gpt", {
  title: "F-Muon and F-Neon on a GPT",
  where: "section 6.3, NanoGPT benchmark",
  text: smallGptText,
  base: smallGpt,
  rates: [0.01, 0.27],
});

export const nuclearCnn = nuclearOn("cnn", {
  title: "F-Muon and F-Neon on a CNN",
  where: "section 6.3, CNN benchmark",
  text: (scale) => smallImagesText("cnn", scale),
  base: (scale) => smallImages("cnn", scale),
  rates: [0.03, 0.81],
});
