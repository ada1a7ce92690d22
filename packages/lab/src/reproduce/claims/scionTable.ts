import { differenceText, lowerThan } from "../compareFinals.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { together } from "../statistics.ts";
import { pairsTable, tunedClaim } from "../tunedClaim.ts";

/** As in the table; rates of hidden weights, with that of AdamW beside Muon's. */
const names = ["adamw", "muon", "unconstrained_scion", "scion"] as const;

export const scionTable = tunedClaim({
  name: "scion-table",
  title: "Scion against Muon and Adam",
  source: sourceIn("scion", "table 5, a GPT of 3 billion parameters"),
  statement:
    "Unconstrained Scion (validation loss 2.882) and Scion (2.890) end below Muon (2.909), and all three below Adam (3.024).",
  setup: (
    scale,
  ) => `${smallGptText(scale)}, linear decay. Every method gets twelve trials and what a best value at an end calls for (seed 0): six learning rates with two values of what else it has, which is
weight decay for AdamW, the momentum of Scion, and the rate of the AdamW beside Muon. Then five fresh seeds. The claim is read as: both forms of Scion end below
Muon and below AdamW, and Muon below AdamW, by paired t-tests.`,
  protocol: (scale) => ({
    base: smallGpt(scale),
    methods: [
      {
        label: "adamw",
        optimizer: "adamw",
        axes: [
          { name: "learningRate", low: 1e-3, high: 0.243, scale: "log", points: 6 },
          { name: "weightDecay", values: [0, 0.1] },
        ],
      },
      {
        label: "muon",
        optimizer: "muon",
        axes: [
          { name: "learningRate", low: 3e-3, high: 0.729, scale: "log", points: 6 },
          { name: "auxiliaryLearningRate", values: [0.01, 0.03] },
        ],
      },
      ...(["unconstrained_scion", "scion"] as const).map((name) => ({
        label: name,
        optimizer: name,
        axes: [
          { name: "learningRate", low: 1e-3, high: 0.243, scale: "log" as const, points: 6 },
          { name: "momentum", values: [0.9, 0.95] },
        ],
      })),
    ],
    tuningSeeds: [0],
    finalSeeds: [101, 102, 103, 104, 105],
    extend: 2,
  }),
  judge(by, outcomes) {
    const [adam, muon, free, held] = names.map(by);
    if (adam === undefined || muon === undefined || free === undefined || held === undefined)
      throw new Error("internal: four methods");
    return {
      verdict: together([
        lowerThan(free, muon),
        lowerThan(held, muon),
        lowerThan(free, adam),
        lowerThan(held, adam),
        lowerThan(muon, adam),
      ]),
      headline: `${differenceText(free, muon)}, ${differenceText(held, muon)}; ${differenceText(free, adam)}, ${differenceText(muon, adam)}.`,
      tables: [pairsTable(outcomes)],
    };
  },
  label: "Loss by learning rate, over steps, and differences to Muon for AdamW, Muon and both forms of Scion",
  reference: "muon",
  remarks: [
    "In the paper Muon is ahead of Adam by 0.115 nats and Scion ahead of Muon by 0.02 to 0.03: the second difference is of the size that five short runs can hardly tell.",
    "The paper's Scion starts on the spheres of its norms, as here; the others start as the model does.",
  ],
});
