import type { JsonOptions } from "../../plan/runPlan.ts";
import type { Scale } from "../claim.ts";
import { differenceText } from "../compareFinals.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { together } from "../statistics.ts";
import { notAbove, pairsTable, tunedClaim } from "../tunedClaim.ts";

const firsts = { column: "colnorm", spectral: "spectral_2rms", sign: "sign" } as const;
const lasts = { sign: "sign_normalized", row: "rownorm", spectral: "spectral" } as const;
type First = keyof typeof firsts;
type Last = keyof typeof lasts;

/** The recommended pair and those that differ from it in one place. */
const pairs: readonly (readonly [First, Last])[] = [
  ["column", "sign"],
  ["spectral", "sign"],
  ["sign", "sign"],
  ["column", "row"],
  ["column", "spectral"],
];
const label = ([first, last]: readonly [First, Last]): string => `${first} … ${last}`;
const recommended = label(["column", "sign"]);

/** A difference of this many nats is none. */
const SIMILAR = 0.02;

/** Scion as it comes has the recommended pair. */
const groupsOf = ([first, last]: readonly [First, Last]): JsonOptions => {
  const groups = [
    ...(first === "column" ? [] : [{ match: "embedding", norm: firsts[first] }]),
    ...(last === "sign" ? [] : [{ match: "head", norm: lasts[last] }]),
  ];
  return groups.length === 0 ? {} : { groups };
};

export const scionFirstLast = tunedClaim({
  name: "scion-first-last",
  title: "Norms for the first and the last layer",
  source: sourceIn("scion", "tables 3 and 4, figure on first and last layers (3 layers, Shakespeare)"),
  statement:
    "For one-hot inputs column norms in the first layer and the sign in the last are the recommended choice of norms, with the spectral norm between them.",
  setup: (
    scale: Scale,
  ) => `${smallGptText(scale)}, linear decay. \`unconstrained_scion\` with spectral norms in hidden layers; the first layer's norm is that of columns (1→RMS), spectral (2→RMS) or sign (1→∞), the last layer's
sign (1→∞), rows (RMS→∞) or spectral (RMS→RMS): the recommended pair and the four that differ from it in one place, with the same radii. Each gets four learning rates and what a best value at an end calls for (seed
0), then five fresh seeds. The source recommends without a number; the claim is read as: none of the four ends more than ${SIMILAR} nats below the recommended pair (whole 95 % intervals).`,
  protocol: (scale) => ({
    base: smallGpt(scale),
    methods: pairs.map((pair) => ({
      label: label(pair),
      optimizer: "unconstrained_scion",
      options: groupsOf(pair),
      axes: [{ name: "learningRate", low: 8e-3, high: 0.216, scale: "log" as const, points: 4 }],
    })),
    tuningSeeds: [0],
    finalSeeds: [101, 102, 103, 104, 105],
    extend: 2,
  }),
  judge(by, outcomes) {
    const best = by(recommended);
    const others = outcomes.filter((one) => one !== best);
    return {
      verdict: together(others.map((one) => notAbove(best, one, SIMILAR))),
      headline: `${others.map((one) => differenceText(best, one)).join("; ")}.`,
      tables: [pairsTable(outcomes)],
    };
  },
  label: "Loss by learning rate, over steps, and differences to the recommended pair for five pairs of norms",
  reference: recommended,
  remarks: [
    "Radii are those of the recommended pair: another norm might want another radius, which only the learning rate of all layers together can make up for here.",
    "That learning rates carry over between widths is a claim of its own, see scion-transfer.",
  ],
});
