import { type PairedTest, pairedTest } from "../compare/pairedTest.ts";
import { LEAST_SEEDS } from "../compare/standing.ts";
import type { Table, Verdict } from "./claim.ts";
import type { CurvePanel, IntervalPanel } from "./figureParts.ts";
import type { TunedOutcome } from "./protocol.ts";
import { intervalOf, meanOf, short, withInterval } from "./statistics.ts";

/** a's final validation losses minus b's, paired by seed. Undefined where fewer than two seeds finished both. */
export function lossDifference(a: TunedOutcome, b: TunedOutcome): PairedTest | undefined {
  const pairs = a.finals.flatMap(({ seed, run }) => {
    const other = b.finals.find((one) => one.seed === seed)?.run.valLoss ?? null;
    return run.valLoss === null || other === null ? [] : [[run.valLoss, other] as const];
  });
  return pairedTest(
    pairs.map(([mine]) => mine),
    pairs.map(([, other]) => other),
  );
}

/** Whether a's losses are lower than b's, by more than the noise. */
export function lowerThan(a: TunedOutcome, b: TunedOutcome): Verdict {
  const test = lossDifference(a, b);
  if (test === undefined || test.pairs < LEAST_SEEDS) return "cannot be told";
  if (test.high < 0) return "holds";
  return test.low > 0 ? "does not hold" : "cannot be told";
}

/** `muon is 0.12 (95 % 0.1 to 0.14) below adamw`. */
export function differenceText(a: TunedOutcome, b: TunedOutcome): string {
  const test = lossDifference(a, b);
  if (test === undefined) return `${a.label} and ${b.label} cannot be compared`;
  const { mean, low, high } = test;
  const value = mean <= 0 ? { mean: -mean, low: -high, high: -low } : { mean, low, high };
  return `${a.label} ends ${withInterval(value)} nats ${mean <= 0 ? "below" : "above"} ${b.label}`;
}

const losses = ({ finals }: TunedOutcome): number[] => finals.flatMap(({ run }) => run.valLoss ?? []);

/** What was found for each method and how it ended on fresh seeds. */
export const finalsTable = (outcomes: readonly TunedOutcome[]): Table => ({
  caption:
    "Best settings of the trials, and validation loss on fresh seeds (nats; mean with its 95 % interval).",
  head: ["method", "settings", "trials", "diverged", "loss", "perplexity", "seeds", "at the edge"],
  rows: outcomes.map((one) => [
    one.label,
    one.settings === null ? "all diverged" : settingsText(one.settings),
    String(one.trials),
    String(one.diverged),
    withInterval(intervalOf(losses(one))),
    losses(one).length > 0 ? short(Math.exp(meanOf(losses(one)))) : "–",
    String(losses(one).length),
    one.edges.length > 0 ? one.edges.join(", ") : "no",
  ]),
});

export const settingsText = (settings: Readonly<Record<string, unknown>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${typeof value === "number" ? short(value) : String(value)}`)
    .join(", ");

/** Mean validation loss over steps, over fresh seeds, with the range. */
export const curvesPanel = (
  outcomes: readonly TunedOutcome[],
  title = "validation loss, fresh seeds",
): CurvePanel => ({
  title,
  x: { label: "step" },
  y: { label: "loss" },
  series: outcomes.map(({ label, finals }) => {
    const curves = finals.map(({ run }) => run.curve);
    const places = (curves[0] ?? []).map(([step]) => step).slice(1); // before any step all are alike
    const at = (step: number): number[] =>
      curves.flatMap((curve) => curve.find(([one]) => one === step)?.[1] ?? []);
    return {
      name: label,
      points: places.map((step) => [step, meanOf(at(step))] as const),
      band: places.map((step) => [step, Math.min(...at(step)), Math.max(...at(step))] as const),
    };
  }),
});

/** Mean loss by one setting in the trials: the best over the others at each value. */
export const profilePanel = (
  outcomes: readonly TunedOutcome[],
  setting: string,
  title: string,
): CurvePanel => {
  const best = Math.min(...outcomes.flatMap(({ points }) => points.map(({ loss }) => loss)));
  return {
    title,
    x: { label: setting, log: true },
    y: { label: "loss", domain: [best - 0.03, best * 1.35] },
    series: outcomes.map(({ label, points }) => {
      const least = new Map<number, number>();
      for (const { settings, loss } of points) {
        const value = settings[setting];
        if (typeof value === "number" && Number.isFinite(loss))
          least.set(value, Math.min(loss, least.get(value) ?? loss));
      }
      return { name: label, dots: true, points: [...least].sort(([a], [b]) => a - b) };
    }),
  };
};

/** Differences to one method, with 95 % intervals. */
export const differencesPanel = (
  outcomes: readonly TunedOutcome[],
  reference: TunedOutcome,
): IntervalPanel => ({
  title: `loss above ${reference.label}, fresh seeds (95 %)`,
  x: { label: "difference in nats" },
  rule: 0,
  rows: outcomes.flatMap((one) => {
    const test = one === reference ? undefined : lossDifference(one, reference);
    return test === undefined ? [] : [{ name: one.label, value: test.mean, low: test.low, high: test.high }];
  }),
});
