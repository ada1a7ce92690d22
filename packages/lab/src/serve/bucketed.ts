/** What is asked of a curve. */
export interface BucketRange {
  readonly from: number;
  readonly to: number;
  /** Pixels: the curve comes to at most so many places. */
  readonly buckets: number;
  /** Places are even in the logarithm of x. */
  readonly log: boolean;
  /** Weight of the past in the smoothed curve, in [0, 1). */
  readonly smooth: number;
}

/** A curve by pixels. Nothing between its lowest and highest values is lost to chance. */
export interface BucketedCurve {
  /** Of a place with one value, where it is; else the middle of the place. */
  readonly x: number[];
  readonly min: number[];
  readonly max: number[];
  /** The last smoothed value in the place; without smoothing the mean. */
  readonly mean: number[];
}

/**
 * The lowest and highest value of a curve in each pixel, and the smoothed curve: an exponential mean with weight `smooth` of
 * the past and the start corrected as in Adam, taken over all values, those before `from` included. x must grow.
 */
export function bucketed(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  { from, to, buckets, log, smooth }: BucketRange,
): BucketedCurve {
  const curve: BucketedCurve = { x: [], min: [], max: [], mean: [] };
  const scale = (x: number): number => (log ? Math.log(x) : x);
  const [low, high] = [scale(from), scale(to)];
  const width = high > low ? (high - low) / buckets : 1;
  let ema = 0;
  let weight = 0;
  let place = -1;
  let at = { x: 0, min: 0, max: 0, sum: 0, smoothed: 0, count: 0 };
  const close = (): void => {
    if (place < 0) return;
    const middle = low + (place + 0.5) * width;
    curve.x.push(at.count === 1 ? at.x : log ? Math.exp(middle) : middle);
    curve.min.push(at.min);
    curve.max.push(at.max);
    curve.mean.push(smooth > 0 ? at.smoothed : at.sum / at.count);
  };
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] ?? Number.NaN;
    const y = ys[i] ?? Number.NaN;
    if (!Number.isFinite(y)) continue;
    ema = smooth * ema + (1 - smooth) * y;
    weight = smooth * weight + (1 - smooth);
    if (!(x >= from)) continue;
    if (x > to) break;
    const here = Math.min(buckets - 1, Math.max(0, Math.floor((scale(x) - low) / width)));
    if (!Number.isFinite(here)) continue; // x = 0 has no logarithm
    if (here !== place) {
      close();
      place = here;
      at = { x, min: y, max: y, sum: 0, smoothed: 0, count: 0 };
    }
    if (y < at.min) at.min = y;
    if (y > at.max) at.max = y;
    at.sum += y;
    at.smoothed = ema / weight;
    at.count++;
  }
  close();
  return curve;
}
