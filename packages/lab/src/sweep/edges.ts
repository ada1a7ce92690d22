import type { JsonOptions } from "../plan/runPlan.ts";
import { isRange, type RangeAxis } from "./axis.ts";
import type { Scored } from "./outcomes.ts";
import type { SettledAxis } from "./points.ts";

/** An end of a range at which the best point lies: beyond it may be a better one. */
export interface Edge {
  readonly axis: RangeAxis;
  readonly whole: boolean;
  readonly end: "low" | "high";
  /** Values that were tried beyond the end that was written. */
  readonly beyond: number;
}

/** The ends at which the best of the points lies. `points`: of one optimizer, the best first. */
export function edgesOf(points: readonly Scored[], axes: readonly SettledAxis[]): Edge[] {
  const [best] = points;
  if (best === undefined || !Number.isFinite(best.loss)) return [];
  return axes.flatMap(({ axis, setting }) => {
    if (!isRange(axis)) return [];
    const tried = points.map(({ settings }) => numberOf(settings, axis.name)).filter(Number.isFinite);
    const value = numberOf(best.settings, axis.name);
    const [least, most] = [Math.min(...tried), Math.max(...tried)];
    if (least === most || (value !== least && value !== most)) return [];
    const end = value === least ? ("low" as const) : ("high" as const);
    const outside = new Set(
      tried.filter((one) => (end === "low" ? one < axis.low * BELOW : one > axis.high * ABOVE)),
    );
    return [{ axis, whole: setting.whole, end, beyond: outside.size }];
  });
}

// Values are rounded to three digits, so an end may lie a little outside of itself.
const ABOVE = 1.01;
const BELOW = 0.99;

const numberOf = (settings: JsonOptions, name: string): number => {
  const value = settings[name];
  return typeof value === "number" ? value : Number.NaN;
};
