import { defineClaim, type Scale } from "../claim.ts";
import {
  curvesPanel,
  differencesPanel,
  differenceText,
  finalsTable,
  lossDifference,
  lowerThan,
  profilePanel,
} from "../compareFinals.ts";
import { type Protocol, protocolOutcomes, protocolParts, type TunedOutcome } from "../protocol.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { short, together } from "../statistics.ts";
import { type Trained, trained } from "../trained.ts";

const names = ["adamw", "muon_moonlight", "mano", "mano_v2"] as const;

const protocol = (scale: Scale): Protocol => ({
  base: smallGpt(scale),
  methods: names.map((name) => ({
    label: name,
    optimizer: name,
    axes: [
      { name: "learningRate", low: 1e-3, high: 2.7e-2, scale: "log", points: 4 },
      { name: "weightDecay", values: [0, 0.1] },
    ],
  })),
  tuningSeeds: [0],
  finalSeeds: [101, 102, 103, 104, 105],
  extend: 2,
});

const find = (outcomes: readonly TunedOutcome[], label: (typeof names)[number]): TunedOutcome => {
  const found = outcomes.find((one) => one.label === label);
  if (found === undefined) throw new Error(`internal: no ${label}`);
  return found;
};

/** Rates at which both methods ran, and who was lower there, the better decay of each. */
function atOneRate(a: TunedOutcome, b: TunedOutcome): { rate: number; difference: number }[] {
  const best = ({ points }: TunedOutcome): Map<unknown, number> => {
    const least = new Map<unknown, number>();
    for (const { settings, loss } of points)
      least.set(
        settings.learningRate,
        Math.min(loss, least.get(settings.learningRate) ?? Number.POSITIVE_INFINITY),
      );
    return least;
  };
  const [own, other] = [best(a), best(b)];
  return [...own].flatMap(([rate, loss]) => {
    const beside = other.get(rate);
    return typeof rate !== "number" || beside === undefined ? [] : [{ rate, difference: loss - beside }];
  });
}

export const manoConvergence = defineClaim<Trained>({
  name: "mano-convergence",
  title: "Mano against Muon and AdamW, at one learning rate and tuned",
  source: sourceIn("mano", "tables and figures on LLaMA and Qwen3"),
  statement:
    "Mano, and its second version, reach a lower loss than Muon and AdamW after the same number of steps with the same hyperparameters.",
  setup: (
    scale,
  ) => `${smallGptText(scale)}, linear decay. Muon is \`muon_moonlight\`, as the paper has it: its step has the root mean square of AdamW's, as Mano's has, so that one learning
rate means the same for all. Each method gets the same trials over learning rate and weight decay (8 and what a best value at an end calls for, seed 0; AdamW for
embedding, head and gains at the same rate, as in the papers), then five fresh seeds with its best settings. The claim is read as: each Mano ends below Muon and below AdamW
when all are tuned, told by paired t-tests.`,
  result: trained,
  parts: (scale, done) => protocolParts(protocol(scale), done),
  analyse(scale, done) {
    const outcomes = protocolOutcomes(protocol(scale), done);
    const [adamw, muon, mano, second] = names.map((name) => find(outcomes, name));
    if (adamw === undefined || muon === undefined || mano === undefined || second === undefined)
      throw new Error("internal: four methods");
    const rates = atOneRate(mano, muon);
    const lower = rates.filter(({ difference }) => difference < 0);
    return {
      verdict: together([mano, second].flatMap((one) => [lowerThan(one, muon), lowerThan(one, adamw)])),
      headline:
        `Tuned: ${differenceText(mano, muon)} and ${differenceText(mano, adamw)}; ${differenceText(second, muon)}. ` +
        `At one learning rate Mano is lower than Muon at ${lower.length} of ${rates.length} rates.`,
      tables: [
        finalsTable(outcomes),
        {
          caption:
            "At one learning rate: Mano's loss minus Muon's, one seed, the better weight decay of each.",
          head: ["learning rate", "difference in nats"],
          rows: rates
            .sort((a, b) => a.rate - b.rate)
            .map(({ rate, difference }) => [
              short(rate),
              Number.isFinite(difference) ? short(difference) : "diverged",
            ]),
        },
        {
          caption: "All pairs on fresh seeds.",
          head: ["", ...names],
          rows: outcomes.map((one) => [
            one.label,
            ...outcomes.map((other) => {
              const test = one === other ? undefined : lossDifference(one, other);
              return test === undefined
                ? ""
                : `${short(test.mean)} (${short(test.low)} to ${short(test.high)})`;
            }),
          ]),
        },
      ],
      figure: {
        label:
          "Loss by learning rate, over steps, and differences to Muon for AdamW, Muon and both versions of Mano",
        panels: [
          profilePanel(outcomes, "learningRate", "best loss by learning rate, one seed"),
          curvesPanel(outcomes),
          differencesPanel(outcomes, muon),
        ],
      },
      remarks: [
        "The paper's models have 130 million to 3 billion parameters and 10,000 steps; this one has 110 thousand and 150. It finds that Muon leads early and Mano late, so a short run speaks for Muon.",
      ],
    };
  },
});
