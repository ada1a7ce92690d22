import { join } from "node:path";

import { type BucketedCurve, type BucketRange, bucketed } from "./bucketed.ts";
import { type FollowedMetrics, followMetrics } from "./followMetrics.ts";
import type { MetricName } from "./metricColumns.ts";
import { regularFile } from "./regularFile.ts";

/** What curves are drawn against. `flops`: 6 times parameters times tokens. */
export const axisNames = ["step", "tokens", "seconds", "flops"] as const;
export type AxisName = (typeof axisNames)[number];

export interface SeriesQuery extends Omit<BucketRange, "from" | "to"> {
  readonly metric: MetricName;
  readonly axis: AxisName;
  /** Without it, from the first to the last value of all the runs. */
  readonly from?: number;
  readonly to?: number;
}

export interface SeriesOfRun {
  readonly folder: string;
  /** What a token costs in floating-point operations, for the axis `flops`. */
  readonly flopsPerToken: number;
}

export interface SeriesAnswer {
  readonly from: number;
  readonly to: number;
  /** In the order of the runs. */
  readonly curves: readonly BucketedCurve[];
}

/** Of one state of a run's metrics. */
interface AnswersOfRun {
  readonly stamp: string;
  readonly curves: Map<string, BucketedCurve>;
  readonly ends: Map<string, Ends | "none">;
}

export interface SeriesStore {
  series(runs: readonly SeriesOfRun[], query: SeriesQuery): Promise<SeriesAnswer>;
}

/** Metrics that are kept in memory, in bytes; what was not asked for the longest goes first and is read again. */
const KEPT_BYTES = 384e6;
/** Runs whose answers are kept, and answers of each: a few zooms of as many curves as a page can show. */
const KEPT_RUNS = 1000;
const KEPT_ANSWERS = 8;

interface Ends {
  readonly first: number;
  readonly last: number;
}

/** The curves of runs, read when they are asked for. */
export function openSeriesStore(keptBytes = KEPT_BYTES): SeriesStore {
  const followed = new Map<string, FollowedMetrics>();
  const answers = new Map<string, AnswersOfRun>();

  async function current(folder: string): Promise<FollowedMetrics> {
    const metrics = followed.get(folder) ?? followMetrics(folder);
    followed.delete(folder);
    followed.set(folder, metrics); // the last one asked for
    await metrics.update();
    let bytes = 0;
    for (const { columns } of followed.values()) bytes += columns.bytes;
    for (const [path, { columns }] of followed) {
      if (bytes <= keptBytes || path === folder) break;
      followed.delete(path);
      bytes -= columns.bytes;
    }
    return metrics;
  }

  /** The answers that hold for the metrics as they are now: those of an earlier state are dropped. */
  function answersOf({ folder, flopsPerToken }: SeriesOfRun): AnswersOfRun {
    const stamp = `${stampOf(folder)} ${flopsPerToken}`;
    const before = answers.get(folder);
    const now = before?.stamp === stamp ? before : { stamp, curves: new Map(), ends: new Map() };
    answers.delete(folder);
    answers.set(folder, now);
    forget(answers, KEPT_RUNS);
    return now;
  }

  async function curve(run: SeriesOfRun, query: SeriesQuery, range: BucketRange): Promise<BucketedCurve> {
    const { curves } = answersOf(run);
    const key = JSON.stringify([query.metric, query.axis, range]);
    const before = curves.get(key);
    if (before !== undefined) return before;
    const metrics = await current(run.folder);
    const ys = metrics.columns.column(query.metric) ?? [];
    const made = bucketed(axisOf(metrics, run, query.axis), ys, range);
    curves.set(key, made);
    forget(curves, KEPT_ANSWERS);
    return made;
  }

  async function endsOfRun(run: SeriesOfRun, query: SeriesQuery): Promise<Ends | "none"> {
    const { ends } = answersOf(run);
    const key = JSON.stringify([query.metric, query.axis, query.log]);
    const before = ends.get(key);
    if (before !== undefined) return before;
    const made = endsOf(await current(run.folder), run, query) ?? "none";
    ends.set(key, made);
    return made;
  }

  return {
    async series(runs, query) {
      const { buckets, log, smooth } = query;
      let { from, to } = query;
      if (from === undefined || to === undefined) {
        const found: Ends[] = [];
        for (const run of runs) {
          const ends = await endsOfRun(run, query);
          if (ends !== "none") found.push(ends);
        }
        if (found.length === 0) return { from: 0, to: 0, curves: runs.map(() => nothing) };
        from ??= Math.min(...found.map(({ first }) => first));
        to ??= Math.max(...found.map(({ last }) => last));
      }
      const range: BucketRange = { from, to, buckets, log, smooth };
      const curves: BucketedCurve[] = [];
      for (const run of runs) curves.push(await curve(run, query, range));
      return { from, to, curves };
    },
  };
}

/** Takes the oldest out of a map until it is no larger. */
function forget(map: Map<string, unknown>, most: number): void {
  for (const old of map.keys()) {
    if (map.size <= most) break;
    map.delete(old);
  }
}

/** Changes with a run's metrics. */
function stampOf(folder: string): string {
  const found = regularFile(join(folder, "metrics.jsonl"));
  return found === undefined ? "none" : `${found.ino} ${found.size} ${found.mtimeMs}`;
}

const nothing: BucketedCurve = { x: [], min: [], max: [], mean: [] };

function axisOf({ columns }: FollowedMetrics, run: SeriesOfRun, axis: AxisName): ArrayLike<number> {
  if (axis === "step") return columns.steps;
  if (axis !== "flops") return columns.column(axis) ?? [];
  return columns.column("tokens")?.map((tokens) => tokens * run.flopsPerToken) ?? [];
}

/** Where a metric of a run begins and ends; on a log scale, what is ≤ 0 is none of it. */
function endsOf(metrics: FollowedMetrics, run: SeriesOfRun, { metric, axis, log }: SeriesQuery) {
  const xs = axisOf(metrics, run, axis);
  const ys = metrics.columns.column(metric);
  if (ys === undefined) return undefined;
  let first: number | undefined;
  let last: number | undefined;
  for (let i = 0; i < xs.length && first === undefined; i++) if (counts(xs[i], ys[i], log)) first = xs[i];
  for (let i = xs.length - 1; i >= 0 && last === undefined; i--) if (counts(xs[i], ys[i], log)) last = xs[i];
  return first === undefined || last === undefined ? undefined : { first, last };
}

const counts = (x = Number.NaN, y = Number.NaN, log: boolean): boolean =>
  Number.isFinite(x) && Number.isFinite(y) && (!log || x > 0);
