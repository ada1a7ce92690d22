import { pairedTest } from "../../compare/pairedTest.ts";
import { defineClaim, type Scale } from "../claim.ts";
import { finalsTable } from "../compareFinals.ts";
import { type Protocol, protocolOutcomes, protocolParts, type TunedOutcome } from "../protocol.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { intervalOf, meanOf, verdictOf, withInterval } from "../statistics.ts";
import { type Trained, trained } from "../trained.ts";

const methods = [
  { name: "adamw", low: 2e-3, high: 5.4e-2 },
  { name: "unconstrained_scion", low: 8e-3, high: 0.216 },
] as const;
type Name = (typeof methods)[number]["name"];

const batchesAt: Readonly<Record<Scale, readonly number[]>> = {
  small: [8, 32, 128],
  medium: [16, 32, 64, 128, 256],
  paper: [512, 1024, 2048, 4096, 8192],
};

const label = (name: Name, batch: number): string => `${name}, batch ${batch}`;

/** Every batch is a method of its own: its rate is searched for, with as many trials as any other. */
function protocol(scale: Scale): Protocol {
  const base = smallGpt(scale);
  const examples = base.steps * (base.batch ?? 1);
  return {
    base,
    methods: batchesAt[scale].flatMap((batch) =>
      methods.map(({ name, low, high }) => {
        const steps = Math.round(examples / batch);
        return {
          label: label(name, batch),
          optimizer: name,
          model: { batch, steps, evalEvery: steps },
          axes: [{ name: "learningRate", low, high, scale: "log" as const, points: 4 }],
        };
      }),
    ),
    tuningSeeds: [0],
    finalSeeds: [101, 102, 103, 104],
    extend: 2,
  };
}

const lossesOf = (outcomes: readonly TunedOutcome[], name: Name, batch: number): (number | null)[] =>
  outcomes.find((one) => one.label === label(name, batch))?.finals.map(({ run }) => run.valLoss) ?? [];

/** What the largest batch costs, seed by seed: its loss minus that of the smallest. */
function costOf(outcomes: readonly TunedOutcome[], name: Name, scale: Scale): (number | null)[] {
  const [small = 0, large = 0] = [Math.min(...batchesAt[scale]), Math.max(...batchesAt[scale])];
  const few = lossesOf(outcomes, name, small);
  return lossesOf(outcomes, name, large).map((loss, i) => {
    const other = few[i] ?? null;
    return loss === null || other === null ? null : loss - other;
  });
}

export const scionBatch = defineClaim<Trained>({
  name: "scion-batch",
  title: "Sensitivity to the batch, for a fixed number of tokens",
  source: sourceIn("scion", "figure on batch size, NanoGPT of 124M"),
  statement: "For a fixed number of tokens Scion loses less than Adam when the batch grows.",
  setup: (
    scale,
  ) => `${smallGptText(scale)} at the usual batch; other batches of ${batchesAt[scale].join(", ")} see as many tokens, in fewer or more steps, with linear decay. The learning rate is
searched for at each batch, four values and what a best value at an end calls for, equally for both methods (seed 0); then four fresh seeds. The cost of a
large batch is the loss at the largest minus that at the smallest. The claim is read as: Scion's cost is smaller than AdamW's (paired t-test over seeds).`,
  result: trained,
  parts: (scale, done) => protocolParts(protocol(scale), done),
  analyse(scale, done) {
    const outcomes = protocolOutcomes(protocol(scale), done);
    const [adam, scion] = [costOf(outcomes, "adamw", scale), costOf(outcomes, "unconstrained_scion", scale)];
    const pairs = scion.flatMap((mine, i) => {
      const other = adam[i] ?? null;
      return mine === null || other === null ? [] : [[mine, other] as const];
    });
    const [mine, other] = [pairs.map(([cost]) => cost), pairs.map(([, cost]) => cost)];
    const test = pairedTest(mine, other);
    const batches = batchesAt[scale];
    return {
      verdict: verdictOf(test, "below", 0, pairs.length),
      headline:
        `From batch ${Math.min(...batches)} to ${Math.max(...batches)} AdamW loses ${withInterval(intervalOf(other))} nats and Scion ${withInterval(intervalOf(mine))}: ` +
        `a difference of ${withInterval(test)}.`,
      tables: [finalsTable(outcomes)],
      figure: {
        label: "Loss by batch at a fixed number of tokens for AdamW and Scion",
        panels: [
          {
            title: "loss by batch, fresh seeds (mean and range)",
            x: { label: "batch", log: true },
            y: { label: "validation loss" },
            series: methods.map(({ name }) => {
              const at = (batch: number): number[] =>
                lossesOf(outcomes, name, batch).flatMap((loss) => loss ?? []);
              return {
                name,
                dots: true,
                points: batches.map((batch) => [batch, meanOf(at(batch))] as const),
                band: batches.map(
                  (batch) => [batch, Math.min(...at(batch)), Math.max(...at(batch))] as const,
                ),
              };
            }),
          },
          {
            title: "best loss by learning rate, one seed",
            x: { label: "learning rate", log: true },
            y: { label: "validation loss" },
            series: outcomes.map((one) => ({
              name: one.label,
              dots: true,
              points: one.points
                .flatMap(({ settings, loss }) =>
                  typeof settings.learningRate === "number" && Number.isFinite(loss)
                    ? [[settings.learningRate, loss] as const]
                    : [],
                )
                .sort(([a], [b]) => a - b),
            })),
          },
        ],
      },
      remarks: [
        "With so few tokens the largest batch leaves a few dozen steps: what is seen is how a method does with few steps as much as how it does with less noise.",
      ],
    };
  },
});
