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

/** The rates that AdamW has for the other weights: the same two for all. */
const methods = (low: number, high: number): Tuned[] =>
  names.map((name) => ({
    label: name,
    optimizer: name,
    axes: [
      { name: "learningRate", low, high, scale: "log", points: 4 },
      { name: "auxiliaryLearningRate", values: [0.01, 0.03] },
    ],
  }));

/** Of logistic regression, whose one matrix is a head: the same steps in their norm for every weight. */
const norms = {
  nsgd: "frobenius",
  muon: "operator",
  f_muon: "f_star",
  neon: "nuclear",
  f_neon: "f_two",
} as const;
const byNorm = (low: number, high: number): Tuned[] =>
  names.map((name) => ({
    label: name,
    optimizer: "uscg",
    options: { norm: norms[name], initialize: "model" },
    axes: [
      { name: "learningRate", low, high, scale: "log", points: 4 },
      { name: "momentum", values: [0, 0.9] },
    ],
  }));

const statement =
  "Mixing the spectral or the nuclear step with the normalised gradient costs nothing: F-Muon is as good as Muon and F-Neon as good as Neon.";

const reading = (
  beside: string,
): string => `Each method gets eight trials over its learning rate and ${beside}, and what a best value at an end calls for (seed 0), then five fresh seeds. The draft names the
benchmark and gives no result; the claim is read as: F-Muon (α = ½) ends at most ${SIMILAR} nats above Muon, and F-Neon at most ${SIMILAR} above Neon (whole 95 % intervals).`;

const nuclearOn = (
  job: "cnn" | "gpt" | "logistic",
  spec: {
    readonly title: string;
    readonly where: string;
    text(scale: Scale): string;
    base(scale: Scale): ReturnType<typeof smallGpt>;
    readonly methods: readonly Tuned[];
    /** What is searched for beside the learning rate. */
    readonly beside: string;
    readonly remarks: readonly string[];
  },
): Claim =>
  tunedClaim({
    name: `nuclear-${job}`,
    title: spec.title,
    source: sourceIn("nuclear", spec.where),
    statement,
    setup: (scale) => `${spec.text(scale)}, linear decay. ${reading(spec.beside)}`,
    protocol: (scale) => ({
      base: spec.base(scale),
      methods: spec.methods,
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
    remarks: spec.remarks,
  });

const pairRemark =
  "Neon and F-Neon find their singular pair by the library's default, two power steps from the last vector.";
const besideAdam = "that of the AdamW beside it";

export const nuclearGpt = nuclearOn("gpt", {
  title: "F-Muon and F-Neon on a GPT",
  where: "section 6.3, NanoGPT benchmark",
  text: smallGptText,
  base: smallGpt,
  methods: methods(0.01, 0.27),
  beside: besideAdam,
  remarks: [pairRemark],
});

export const nuclearCnn = nuclearOn("cnn", {
  title: "F-Muon and F-Neon on a CNN",
  where: "section 6.3, CNN benchmark",
  text: (scale) => smallImagesText("cnn", scale),
  base: (scale) => smallImages("cnn", scale),
  methods: methods(0.03, 0.81),
  beside: besideAdam,
  remarks: [pairRemark],
});

export const nuclearLogistic = nuclearOn("logistic", {
  title: "F-Muon and F-Neon on logistic regression",
  where: "section 6.2, logistic regression",
  text: (scale) => smallImagesText("logistic", scale),
  base: (scale) => smallImages("logistic", scale),
  methods: byNorm(0.003, 0.081),
  beside: "its momentum",
  remarks: [
    "Every method is `uscg` in its norm, the bias in the RMS norm of vectors: the weight of logistic regression is a head, which Muon as it comes would leave to AdamW.",
    "The draft has the heading of this section and no text; data and setting are ours.",
  ],
});
