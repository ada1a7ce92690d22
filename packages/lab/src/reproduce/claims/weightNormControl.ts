import type { Scale, Table } from "../claim.ts";
import { differenceText, lowerThan } from "../compareFinals.ts";
import type { TunedOutcome } from "../protocol.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { short, together } from "../statistics.ts";
import { pairsTable, tunedClaim } from "../tunedClaim.ts";

const free = ["muon"] as const;
const held = ["muon_hyperball", "muon_sphere", "scion"] as const;
/** Rates, a factor of 3 apart: wide, since it is about what happens beside the best one. */
const [LOW, HIGH, POINTS] = [3e-3, 0.729, 6];
/** Above the best of its rates, a method may lose so many nats and is still of use. */
const TOLERATED = 0.1;

/** In how many of the common trials (their rates) a method stays near its own best. */
const rangeOf = ({ points }: TunedOutcome): { near: number; tried: number } => {
  const least = new Map<number, number>();
  for (const { settings, loss } of points) {
    const rate = settings.learningRate;
    if (typeof rate === "number" && rate >= LOW * 0.99 && rate <= HIGH * 1.01)
      least.set(rate, Math.min(loss, least.get(rate) ?? Number.POSITIVE_INFINITY));
  }
  const best = Math.min(...least.values());
  return { near: [...least.values()].filter((loss) => loss <= best + TOLERATED).length, tried: least.size };
};

export const weightNormControl = tunedClaim({
  name: "weight-norm-control",
  title: "Weight-norm control: stability against peak performance",
  source: sourceIn("spectra", "from gradient normalisation to weight-norm control"),
  statement:
    "Methods that hold the norms of the weights often trade peak performance for stability, when both are tuned.",
  setup: (
    scale: Scale,
  ) => `${smallGptText(scale)}, linear decay. Free weights: \`muon\`. Held ones: on a Frobenius sphere (\`muon_hyperball\`), on a spectral sphere (\`muon_sphere\`), in norm balls (\`scion\`). Each gets ${POINTS} learning rates from
${LOW} to ${HIGH} and what a best value at an end calls for (seed 0), then five fresh seeds; AdamW beside them at 0.03. Stability is the number of those ${POINTS} rates within ${TOLERATED} nats of the method's best.
The claim is read as: every held method ends above \`muon\` (paired t-tests), and every held method has more rates near its best.`,
  protocol: (scale) => ({
    base: smallGpt(scale),
    methods: [...free, ...held].map((name) => ({
      label: name,
      optimizer: name,
      options: name === "scion" ? {} : { auxiliaryLearningRate: 0.03 },
      axes: [{ name: "learningRate", low: LOW, high: HIGH, scale: "log" as const, points: POINTS }],
    })),
    tuningSeeds: [0],
    finalSeeds: [101, 102, 103, 104, 105],
    extend: 2,
  }),
  judge(by, outcomes) {
    const loose = by("muon");
    const tight = held.map(by);
    const range = rangeOf(loose);
    const wider = tight.filter((one) => rangeOf(one).near > range.near);
    const table: Table = {
      caption: `Rates from ${LOW} to ${HIGH} with a loss within ${TOLERATED} of the method's best, one seed.`,
      head: ["method", "near the best", "tried"],
      rows: outcomes.map((one) => [one.label, String(rangeOf(one).near), String(rangeOf(one).tried)]),
    };
    return {
      verdict: together([
        ...tight.map((one) => lowerThan(loose, one)),
        wider.length === tight.length ? "holds" : "does not hold",
      ]),
      headline:
        `${tight.map((one) => differenceText(one, loose)).join("; ")}. Of the rates tried ${range.near} of ${range.tried} are near the best of muon, ` +
        `${tight.map((one) => `${rangeOf(one).near} of ${one.label}`).join(", ")}.`,
      tables: [table, pairsTable(outcomes)],
    };
  },
  label:
    "Loss by learning rate, over steps, and differences to Muon for methods that hold the norm of the weights",
  reference: "muon",
  remarks: [
    `Stability is counted with one seed, over rates a factor of ${short((HIGH / LOW) ** (1 / (POINTS - 1)))} apart: it says something of a factor, nothing of a percent.`,
    "A learning rate means something else on each sphere: what is compared is how wide the good ranges are, not where they lie.",
  ],
});
