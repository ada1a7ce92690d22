import type { TrialPoint } from "./readTrials.ts";

const BINS = 6;

/**
 * How much of the order of losses a setting alone explains, in [0, 1]: the variance of the ranks of losses between trials with alike
 * values of the setting, as a part of all variance of ranks (η²). Numbers with more than six values are put into six bins of as many
 * trials each. Of few trials it is large by chance.
 */
export function importance(trials: readonly TrialPoint[], name: string): number {
  const finished = trials.filter(({ valLoss }) => valLoss !== null);
  const order = [...finished].sort((a, b) => (a.valLoss ?? 0) - (b.valLoss ?? 0));
  const rank = new Map(order.map(({ id }, i) => [id, i]));
  const values = finished.map(({ settings }) => settings[name]);
  const distinct = new Set(values.map((value) => JSON.stringify(value)));
  const sorted = finished
    .map(({ id, settings }) => ({ id, value: Number(settings[name]) }))
    .sort((a, b) => a.value - b.value);
  const bin = new Map(sorted.map(({ id }, i) => [id, String(Math.floor((i * BINS) / sorted.length))]));
  const keyOf = ({ id, settings }: TrialPoint): string =>
    distinct.size > BINS ? (bin.get(id) ?? "") : (JSON.stringify(settings[name]) ?? "");
  const mean = (finished.length - 1) / 2;
  const groups = new Map<string, number[]>();
  let all = 0;
  for (const trial of finished) {
    const at = rank.get(trial.id) ?? 0;
    all += (at - mean) ** 2;
    groups.set(keyOf(trial), [...(groups.get(keyOf(trial)) ?? []), at]);
  }
  let between = 0;
  for (const ranks of groups.values()) {
    const own = ranks.reduce((sum, value) => sum + value, 0) / ranks.length;
    between += ranks.length * (own - mean) ** 2;
  }
  return all === 0 ? 0 : between / all;
}
