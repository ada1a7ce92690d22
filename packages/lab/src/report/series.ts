import type { LossPoint } from "../run/runResult.ts";
import type { CompareReport, ReportRun } from "./compareReport.ts";
import { sampleIndices } from "./sampleIndices.ts";
import { smooth, smoothingRadius } from "./smooth.ts";

/** A loss at one moment: mean over the seeds, and their range. */
export interface SeriesPoint {
  readonly step: number;
  /** Mean over the seeds of the training time until this step. */
  readonly seconds: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The curves of one optimizer, seeds together. */
export interface Series {
  readonly label: string;
  /** Index into the palette. */
  readonly colour: number;
  readonly seeds: number;
  /** Training loss, smoothed for each seed before seeds are put together. */
  readonly train: readonly SeriesPoint[];
  /** Training loss of each step as it was, mean over the seeds. */
  readonly raw: readonly SeriesPoint[];
  readonly validation: readonly SeriesPoint[];
  readonly finished: boolean;
}

const CURVE_POINTS = 220;
const RAW_POINTS = 360;

/** One series for each label, in the order of first appearance. Losses that are not finite are left out. */
export function seriesOf(runs: CompareReport["runs"]): Series[] {
  const labels = [...new Set(runs.map(({ row }) => row.label))];
  return labels.map((label, colour) => {
    const mine = runs.filter(({ row }) => row.label === label);
    const trains = mine.map((run) => finite(run.curves.train));
    const longest = Math.max(0, ...trains.map((points) => points.length));
    const radius = smoothingRadius(longest);
    const smoothed = trains.map((points) => {
      const losses = smooth(
        points.map(({ loss }) => loss),
        radius,
      );
      return points.map((point, i) => ({ ...point, loss: losses[i] ?? point.loss }));
    });
    return {
      label,
      colour,
      seeds: mine.length,
      train: thin(together(smoothed), CURVE_POINTS),
      raw: thin(together(trains), RAW_POINTS),
      validation: together(mine.map((run) => finite(run.curves.validation))),
      finished: mine.every(hasFinished),
    };
  });
}

const hasFinished = ({ row }: ReportRun): boolean => row.status === "finished";
const finite = (points: readonly LossPoint[]): LossPoint[] =>
  points.filter(({ loss }) => Number.isFinite(loss));

function thin(points: readonly SeriesPoint[], limit: number): SeriesPoint[] {
  return sampleIndices(points.length, limit).flatMap((i) => points[i] ?? []);
}

/** Points of the same step as one. A seed that stopped early counts as long as it lasted. */
function together(curves: readonly (readonly LossPoint[])[]): SeriesPoint[] {
  const byStep = new Map<number, LossPoint[]>();
  for (const point of curves.flat()) {
    const same = byStep.get(point.step);
    if (same) same.push(point);
    else byStep.set(point.step, [point]);
  }
  return [...byStep.entries()]
    .sort(([a], [b]) => a - b)
    .map(([step, points]) => {
      const losses = points.map(({ loss }) => loss);
      return {
        step,
        seconds: average(points.map(({ seconds }) => seconds)),
        mean: average(losses),
        low: Math.min(...losses),
        high: Math.max(...losses),
      };
    });
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
