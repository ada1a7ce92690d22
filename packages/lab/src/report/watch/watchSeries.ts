import type { WatchChart } from "./watchCharts.ts";
import type { WatchedRun } from "./watchedRun.ts";

/** A number at a step, on the line of one colour. */
export interface WatchPoint {
  readonly step: number;
  readonly value: number;
  readonly line: string;
}

/** What the lines of a report's charts are, in the order of their colours: roles of one run, or several optimizers. */
export function lineNames(runs: readonly WatchedRun[]): string[] {
  const labels = [...new Set(runs.map(({ label }) => label))];
  if (labels.length > 1) return labels;
  const roles = runs.flatMap(({ lines }) =>
    lines.flatMap(({ scope, name }) => (scope === "role" ? [name] : [])),
  );
  return [...new Set([...roles, "all"])];
}

/** The points of a chart, means over the seeds of an optimizer. Empty where nothing of it was watched. */
export function watchSeries(chart: WatchChart, runs: readonly WatchedRun[]): WatchPoint[] {
  const several = new Set(runs.map(({ label }) => label)).size > 1;
  const sums = new Map<string, { step: number; line: string; sum: number; count: number }>();
  for (const { label, lines } of runs) {
    const own = lines.filter(({ diagnostic }) => diagnostic === chart.diagnostic);
    const byRole = own.some(({ scope }) => scope === "role") && chart.metrics.length === 1 && !several;
    for (const { step, scope, name, values } of own) {
      if (scope !== (byRole ? "role" : "all")) continue;
      for (const metric of several ? chart.metrics.slice(0, 1) : chart.metrics) {
        const value = values[metric];
        if (value === undefined) continue;
        const line = several ? label : chart.metrics.length > 1 ? metric : name;
        const key = `${step} ${line}`;
        const known = sums.get(key) ?? { step, line, sum: 0, count: 0 };
        sums.set(key, { ...known, sum: known.sum + value, count: known.count + 1 });
      }
    }
  }
  return [...sums.values()]
    .map(({ step, line, sum, count }) => ({ step, line, value: sum / count }))
    .sort((a, b) => a.step - b.step);
}
