import type { OptimizerSummary, Spread } from "./summarizeRows.ts";

/** What can be better or worse from one optimizer to the next. */
export type Measure =
  | "valLoss"
  | "valAccuracy"
  | "trainLoss"
  | "stepsToReference"
  | "msPerStep"
  | "tokensPerSecond"
  | "optimizerShare"
  | "stateFloatsPerParameter"
  | "peakRssBytes";

/** The number by which an optimizer is ranked; undefined where it has none, or only for some of its seeds. */
export function measureOf(summary: OptimizerSummary, measure: Measure): number | undefined {
  const value: Spread | number | undefined = summary[measure];
  if (value === undefined || typeof value === "number") return value;
  const partly = measure === "stepsToReference" && value.values.length < summary.rows.length;
  return partly ? undefined : value.mean;
}

/**
 * The labels that share the best value of a measure, the lowest but for accuracy and tokens per second. None where fewer than two
 * optimizers have one, or all have the same: there is no winner of a race of one. An optimizer without a finished run
 * does not take part: it is easy to be fast on the way to nowhere.
 */
export function bestOf(summaries: readonly OptimizerSummary[], measure: Measure): ReadonlySet<string> {
  const sign = measure === "tokensPerSecond" || measure === "valAccuracy" ? -1 : 1;
  const ranked = summaries.flatMap((summary) => {
    const value = measureOf(summary, measure);
    return value === undefined || summary.finished === 0
      ? []
      : [{ label: summary.label, value: sign * value }];
  });
  const least = Math.min(...ranked.map(({ value }) => value));
  const best = ranked.filter(({ value }) => value === least);
  return new Set(best.length < ranked.length ? best.map(({ label }) => label) : []);
}
