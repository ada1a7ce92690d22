import { linearScale, logScale, type Scale } from "./scale.ts";
import type { Series, SeriesPoint } from "./series.ts";

/** What runs along the horizontal axis. */
export type XKey = "step" | "seconds";

/** One of the four ways to look along the horizontal axis. */
export interface View {
  readonly id: string;
  readonly x: XKey;
  readonly scale: Scale;
}

/** The two vertical ranges: all of the run, and its later part. */
export interface LossRanges {
  readonly whole: Scale;
  readonly close: Scale;
}

/** Steps or seconds, linear or logarithmic. Logarithmic axes begin at the first measurement after 0. */
export function viewsOf(series: readonly Series[]): View[] {
  return (["step", "seconds"] as const).flatMap((x) => {
    const values = allPoints(series).map((point) => point[x]);
    const last = Math.max(1e-3, ...values);
    const high = last * 1.012; // room for half a dot
    const low = Math.min(last, ...values.filter((value) => value > 0));
    return [
      { id: `${x}-linear`, x, scale: linearScale(0, high, 6) },
      { id: `${x}-log`, x, scale: logScale(Math.min(low, high / 2), high) },
    ];
  });
}

/**
 * `whole` begins at the lowest loss and ends a little above the highest starting loss: a run that blows up leaves the
 * picture instead of flattening the others. `close` ends where the better half of the optimizers was after a third of
 * its steps.
 */
export function lossRanges(series: readonly Series[]): LossRanges {
  const losses = series.flatMap(({ train, validation }) => [...train, ...validation].map(({ mean }) => mean));
  const lowest = Math.min(...losses);
  const start = Math.max(
    ...series.flatMap(({ train, validation }) => [train[0], validation[0]]).flatMap(meanOf),
  );
  if (!Number.isFinite(lowest) || !Number.isFinite(start))
    return { whole: linearScale(0, 1), close: linearScale(0, 1) };
  const highest = Math.min(Math.max(...losses), start * (start > 0 ? 1.05 : 0.95));
  const whole = padded(lowest, highest);

  const ranked = series
    .filter(({ train, finished }) => finished && train.length > 0)
    .sort((a, b) => finalLoss(a) - finalLoss(b));
  const better = ranked.slice(0, Math.max(1, Math.ceil(ranked.length / 2)));
  const third = better.flatMap(({ train }) => {
    const last = train.at(-1)?.step ?? 0;
    return meanOf(train.find(({ step }) => step >= last / 3));
  });
  const top = Math.max(...third, ...better.map(finalLoss));
  return { whole, close: Number.isFinite(top) && top < highest ? padded(lowest, top) : whole };
}

/** The loss by which a series is judged: the last validation, else the last of training. */
export const finalLoss = ({ train, validation }: Series): number =>
  validation.at(-1)?.mean ?? train.at(-1)?.mean ?? Number.POSITIVE_INFINITY;

function padded(low: number, high: number): Scale {
  const margin = (high - low || Math.abs(high) || 1) * 0.04;
  return linearScale(low - margin, high + margin, 6);
}

const meanOf = (point: SeriesPoint | undefined): number[] => (point ? [point.mean] : []);
const allPoints = (series: readonly Series[]): SeriesPoint[] =>
  series.flatMap(({ train, validation }) => [...train, ...validation]);
