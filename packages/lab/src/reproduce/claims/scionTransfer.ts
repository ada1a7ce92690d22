import { join } from "node:path";
import * as v from "valibot";

import type { JsonOptions } from "../../plan/runPlan.ts";
import { defineClaim, type Part, type Scale } from "../claim.ts";
import { mupGroups } from "../mupGroups.ts";
import { smallGpt } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { intervalOf, meanOf, short, together, verdictOf, withInterval } from "../statistics.ts";
import { plannedRun, trainOnce } from "../trained.ts";

const methods = ["scion", "adamw", "adamw, μP"] as const;
type Method = (typeof methods)[number];

const result = v.object({
  method: v.picklist(methods),
  width: v.number(),
  seed: v.number(),
  /** Validation loss at each rate; null where it diverged. */
  losses: v.array(v.object({ rate: v.number(), loss: v.nullable(v.number()) })),
});
type Result = v.InferOutput<typeof result>;

const widthsAt: Readonly<Record<Scale, readonly number[]>> = {
  small: [32, 128],
  medium: [64, 128, 256, 512],
  paper: [256, 512, 1024, 2048],
};
const seedsAt: Readonly<Record<Scale, readonly number[]>> = {
  small: [0, 1, 2],
  medium: [0, 1, 2, 3, 4],
  paper: [0, 1, 2],
};
/** From the lowest, in factors of 2. */
const rates: Readonly<Record<Method, readonly number[]>> = {
  scion: [0.02, 0.04, 0.08, 0.16, 0.32],
  adamw: [0.004, 0.008, 0.016, 0.032, 0.064],
  "adamw, μP": [0.008, 0.016, 0.032, 0.064, 0.128],
};
const stepsAt: Readonly<Record<Scale, number>> = { small: 100, medium: 1000, paper: 122 };
/** A shift of the best rate of less than this many doublings is none. */
const SAME = 0.5;

async function run(
  method: Method,
  width: number,
  seed: number,
  scale: Scale,
  io: Parameters<Part["make"]>[0],
): Promise<Result> {
  const losses: Result["losses"] = [];
  for (const rate of rates[method]) {
    const base = Math.min(...widthsAt[scale]);
    const adam: JsonOptions = { learningRate: rate, weightDecay: 0 };
    const [optimizer, options, initialization] = {
      scion: ["unconstrained_scion", { learningRate: rate }, "normal"] as const, // the optimizer chooses the start
      adamw: ["adamw", adam, "normal"] as const,
      "adamw, μP": ["adamw", { ...adam, groups: mupGroups("adam", rate, width, base) }, "spectral"] as const,
    }[method];
    const steps = stepsAt[scale];
    const plan = plannedRun(smallGpt(scale), {
      steps,
      evalEvery: steps,
      modelOptions: { width, initialization },
      optimizer,
      optimizerOptions: JSON.parse(JSON.stringify(options)),
      seed,
    });
    const { valLoss } = await trainOnce(plan, { ...io, folder: join(io.folder, `rate-${rate}`) });
    losses.push({ rate, loss: valLoss });
  }
  return { method, width, seed, losses };
}

/** log2 of the rate at the bottom of the parabola through the best rate and its neighbours; at an end the end itself. */
function bestRate({ losses }: Result): { log: number; edge: boolean } {
  const known = losses.map(({ rate, loss }) => ({ x: Math.log2(rate), y: loss ?? Number.POSITIVE_INFINITY }));
  const at = known.reduce(
    (best, { y }, i) => (y < (known[best]?.y ?? Number.POSITIVE_INFINITY) ? i : best),
    0,
  );
  const [before, here, after] = [known[at - 1], known[at], known[at + 1]];
  if (here === undefined) return { log: Number.NaN, edge: true };
  if (before === undefined || after === undefined || !Number.isFinite(before.y + after.y))
    return { log: here.x, edge: before === undefined || after === undefined };
  const bend = before.y - 2 * here.y + after.y;
  return { log: here.x + (bend > 0 ? (before.y - after.y) / (2 * bend) : 0), edge: false };
}

export const scionTransfer = defineClaim<Result>({
  name: "scion-transfer",
  title: "Does the best learning rate move with the width?",
  source: sourceIn("scion", "figures on hyperparameter transfer"),
  statement:
    "The best step size of Scion does not move with the width of a GPT, as that of Adam does in the standard parametrisation.",
  setup: (scale) => {
    const { model, context, batch } = smallGpt(scale);
    return `Model \`${model}\` on Moby Dick with widths ${widthsAt[scale].join(", ")}, context ${context}, batch ${batch}, ${stepsAt[scale]} steps, linear decay, ${seedsAt[scale].length} seeds, learning rates in factors of 2. Scion is \`unconstrained_scion\` with
its own initialization; AdamW has the model's standard one, or that and the rates of μP (\`initialization: "spectral"\`; rates of hidden weights and head divided by the width,
relative to width ${Math.min(...widthsAt[scale])}). The best rate of a seed is the bottom of the parabola through its best value and the two beside it. The claim is read as: from the smallest to the largest
width Scion's best rate moves less than ${SAME} doublings (the whole 95 % interval), and AdamW's moves more.`;
  },
  result,
  parts: (scale) =>
    seedsAt[scale].flatMap((seed) =>
      widthsAt[scale].flatMap((width) =>
        methods.map(
          (method): Part<Result> => ({
            id: `${method.replace(", μP", "-mup")}-${width}-seed-${seed}`,
            cost: 5 * (2 + width / 30),
            make: (io) => run(method, width, seed, scale, io),
          }),
        ),
      ),
    ),
  analyse(scale, done) {
    const all = [...done.values()];
    const widths = widthsAt[scale];
    const of = (method: Method, width: number): Result[] =>
      all.filter((one) => one.method === method && one.width === width);
    const [least, most] = [Math.min(...widths), Math.max(...widths)];
    const shifts = methods.map((method) => {
      const values = of(method, most).flatMap((large) => {
        const small = of(method, least).find(({ seed }) => seed === large.seed);
        return small === undefined ? [] : [bestRate(large).log - bestRate(small).log];
      });
      const edges = [...of(method, least), ...of(method, most)].filter((one) => bestRate(one).edge).length;
      return { method, values, shift: intervalOf(values), edges };
    });
    const [scion, adam, mup] = shifts;
    const count = scion?.values.length ?? 0;
    const still = together([
      verdictOf(scion?.shift, "below", SAME, count),
      verdictOf(scion?.shift, "above", -SAME, count),
    ]);
    const moves =
      (adam?.shift?.high ?? 0) < -SAME
        ? "holds"
        : (adam?.shift?.low ?? -1) > -SAME
          ? "does not hold"
          : "cannot be told";
    const meanAt = (method: Method, width: number, rate: number): number => {
      const found = of(method, width).map(
        ({ losses }) => losses.find((one) => one.rate === rate)?.loss ?? Number.POSITIVE_INFINITY,
      );
      return meanOf(found);
    };
    return {
      verdict: together([still, moves]),
      headline:
        `From width ${least} to ${most} the best rate moves by ${withInterval(scion?.shift)} doublings with Scion, ${withInterval(adam?.shift)} with AdamW, ` +
        `${withInterval(mup?.shift)} with AdamW in μP.`,
      tables: [
        {
          caption: "Best learning rate (geometric mean over the seeds) and loss there.",
          head: [
            "method",
            ...widths.flatMap((width) => [`rate, width ${width}`, "loss"]),
            "shift in doublings",
            "runs best at an end",
          ],
          rows: shifts.map(({ method, shift, edges }) => [
            method,
            ...widths.flatMap((width) => [
              short(2 ** meanOf(of(method, width).map((one) => bestRate(one).log))),
              short(Math.min(...rates[method].map((rate) => meanAt(method, width, rate)))),
            ]),
            withInterval(shift),
            String(edges),
          ]),
        },
      ],
      figure: {
        label:
          "Loss by learning rate at each width for Scion, AdamW and AdamW in the maximal update parametrisation",
        panels: methods.map((method) => ({
          title: method,
          x: { label: "learning rate", log: true },
          y: { label: "validation loss" },
          series: widths.map((width) => ({
            name: `width ${width}`,
            dots: true,
            points: rates[method].map((rate) => [rate, meanAt(method, width, rate)] as const),
          })),
        })),
      },
      remarks: [
        "Losses are means over the seeds; a rate at which one diverged has none.",
        "The paper trains a shallow GPT on Shakespeare and a CNN on CIFAR-10, at widths up to several thousand.",
      ],
    };
  },
});
