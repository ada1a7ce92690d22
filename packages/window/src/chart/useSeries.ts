import { type ReadonlySignal, untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";

import { ask } from "../data/ask.ts";
import type { BucketedCurve, SeriesAnswer } from "../data/runEntry.ts";

/** Runs of one question: an address has its length. */
const AT_ONCE = 40;

export interface SeriesQuestion {
  /** Grows when there may be more to show. */
  readonly version: number;
  readonly runs: readonly string[];
  readonly metric: string;
  readonly x: string;
  readonly log: boolean;
  readonly smooth: number;
  readonly buckets: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Series {
  readonly curves: ReadonlyMap<string, BucketedCurve>;
  /** Runs whose curves are on their way. */
  readonly missing: number;
  readonly error?: unknown;
}

/** Curves of runs, asked again whenever a signal that `question` reads changes. Many arrive part by part. */
export function useSeries(question: () => SeriesQuestion): ReadonlySignal<Series> {
  const series = useSignal<Series>({ curves: new Map(), missing: 0 });
  const wanted = useComputed(() => JSON.stringify(question())); // changes of the address that do not concern it are none
  useSignalEffect(() => {
    wanted.value;
    const asked = untracked(question);
    const stop = new AbortController();
    void load(asked, stop.signal, (found) => {
      if (!stop.signal.aborted) series.value = found;
    });
    return () => stop.abort();
  });
  return series;
}

async function load(
  { runs, metric, x, log, smooth, buckets, from, to }: SeriesQuestion,
  signal: AbortSignal,
  show: (series: Series) => void,
): Promise<void> {
  const curves = new Map<string, BucketedCurve>();
  try {
    if (runs.length === 0) show({ curves, missing: 0 });
    for (let i = 0; i < runs.length; i += AT_ONCE) {
      const part = runs.slice(i, i + AT_ONCE);
      const answer = await ask<SeriesAnswer>(
        "/api/series",
        {
          run: part,
          metric,
          x,
          log: log ? "1" : "0",
          smooth: String(smooth),
          buckets: String(buckets),
          ...(from !== undefined && to !== undefined && { from, to }),
        },
        signal,
      );
      part.forEach((run, j) => {
        const curve = answer.curves[j];
        if (curve !== undefined) curves.set(run, curve);
      });
      show({ curves: new Map(curves), missing: Math.max(0, runs.length - i - AT_ONCE) });
    }
  } catch (error) {
    show({ curves, missing: 0, error });
  }
}
