import type { BucketedCurve } from "../data/runEntry.ts";

const PLACES = 500;

/**
 * Curves of one job with several seeds as one: their mean, and the lowest and highest of the smoothed curves. Where all have the
 * same x, there; else in places of a 500th of the width, each curve with its last value in a place.
 */
export function seedBand(curves: readonly BucketedCurve[]): BucketedCurve {
  const [first] = curves;
  if (first === undefined || curves.length === 1) return first ?? { x: [], min: [], max: [], mean: [] };
  const same = curves.every(
    ({ x }) => x.length === first.x.length && x.every((value, i) => value === first.x[i]),
  );
  const ends = curves.flatMap(({ x }) => [x[0] ?? Infinity, x.at(-1) ?? -Infinity]);
  const from = Math.min(...ends);
  const width = (Math.max(...ends) - from) / PLACES || 1;
  const place = (x: number): number => (same ? x : from + Math.round((x - from) / width) * width);
  const places = new Map<number, Map<number, number>>();
  curves.forEach((curve, seed) => {
    curve.x.forEach((x, i) => {
      const at = place(x);
      const there = places.get(at) ?? new Map<number, number>();
      there.set(seed, curve.mean[i] ?? Number.NaN);
      places.set(at, there);
    });
  });
  const band = { x: [] as number[], min: [] as number[], max: [] as number[], mean: [] as number[] };
  for (const [x, values] of [...places].sort(([a], [b]) => a - b)) {
    const all = [...values.values()];
    band.x.push(x);
    band.min.push(Math.min(...all));
    band.max.push(Math.max(...all));
    band.mean.push(all.reduce((sum, value) => sum + value, 0) / all.length);
  }
  return band;
}
