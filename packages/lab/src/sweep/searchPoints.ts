import jstat from "jstat";
import type { JsonOptions } from "../plan/runPlan.ts";
import { placeOf, valueAt } from "./axisValues.ts";
import { type Apart, type Belief, fitGaussianProcess } from "./gaussianProcess.ts";
import type { Scored } from "./outcomes.ts";
import type { SettledAxis } from "./points.ts";
import { sobolPoint } from "./sobol.ts";

/** Points that are looked at: over the whole space, and near the best. */
const EVERYWHERE = 512;
const NEAR = 256;
/** Near: within so much of each range on either side. */
const REACH = 0.1;

/**
 * The next points of a search by a Gaussian process: those where most is to be gained over the best that is known (expected
 * improvement; Jones, Schonlau & Welch 1998). All but the first of them are chosen as if those before had come out as believed
 * (Ginsbourger, Le Riche & Carraro 2010). What is modelled are the ranks of the losses, turned into normal quantiles: a loss of 900 or
 * none at all says no more than "worst". Depends on the points, not on their order. Fewer points than `count` come back where
 * no other settings are left.
 */
export function searchPoints(
  known: readonly Scored[],
  axes: readonly SettledAxis[],
  count: number,
  seed: number,
): JsonOptions[] {
  const sorted = [...known].sort((a, b) =>
    compareText(JSON.stringify(a.settings), JSON.stringify(b.settings)),
  );
  const values = normalScores(sorted.map(({ loss }) => loss));
  const least = Math.min(...values);
  const best = sorted[values.indexOf(least)]?.settings ?? {};
  let model = fitGaussianProcess(
    sorted.map(({ settings }) => settings),
    values,
    apartAlong(axes),
  );
  const taken = new Set(sorted.map(({ settings }) => JSON.stringify(settings)));
  const candidates = candidatesOf(axes, best, seed, known.length);
  const chosen: JsonOptions[] = [];
  while (chosen.length < count) {
    let most = Number.NEGATIVE_INFINITY;
    let next: JsonOptions | undefined;
    for (const candidate of candidates) {
      if (taken.has(JSON.stringify(candidate))) continue;
      const gain = expectedGain(model.believe(candidate), least);
      if (gain > most) [most, next] = [gain, candidate];
    }
    if (next === undefined) break;
    chosen.push(next);
    taken.add(JSON.stringify(next));
    model = model.pretend(next);
  }
  return chosen;
}

/** E[max(0, least − f)] for a normal f. */
function expectedGain({ mean, deviation }: Belief, least: number): number {
  const z = (least - mean) / deviation;
  return (least - mean) * jstat.normal.cdf(z, 0, 1) + deviation * jstat.normal.pdf(z, 0, 1);
}

/** Normal quantiles of the ranks; equals, those without a loss among them, share the mean of their ranks. */
export function normalScores(losses: readonly number[]): number[] {
  return losses.map((loss) => {
    const below = losses.filter((other) => other < loss).length;
    const equal = losses.filter((other) => other === loss).length;
    return jstat.normal.inv((below + equal / 2) / losses.length, 0, 1);
  });
}

/** Along an axis with an order as far as its places, otherwise 1 where values differ. */
const apartAlong =
  (axes: readonly SettledAxis[]): Apart<JsonOptions> =>
  (one, other) =>
    axes.map(({ axis }) => {
      const [a, b] = [one[axis.name], other[axis.name]];
      const [placeA, placeB] = [placeOf(axis, a ?? null), placeOf(axis, b ?? null)];
      if (placeA === undefined || placeB === undefined) return a === b ? 0 : 1;
      return Math.abs(placeA - placeB);
    });

function candidatesOf(
  axes: readonly SettledAxis[],
  best: JsonOptions,
  seed: number,
  round: number,
): JsonOptions[] {
  const settings = (places: readonly number[]): JsonOptions =>
    Object.fromEntries(
      axes.map(({ axis, setting }, i) => [axis.name, valueAt(axis, places[i] ?? 0, setting.whole)]),
    );
  const everywhere = Array.from({ length: EVERYWHERE }, (_, i) =>
    settings(sobolPoint(i, axes.length, seed + round + 1)),
  );
  const near = Array.from({ length: NEAR }, (_, i) =>
    settings(
      sobolPoint(i, axes.length, seed - round - 1).map((place, j) => {
        const axis = axes[j]?.axis;
        const center = axis === undefined ? undefined : placeOf(axis, best[axis.name] ?? null);
        if (center === undefined) return place;
        return Math.min(1, Math.max(0, center + (2 * place - 1) * REACH));
      }),
    ),
  );
  return [...everywhere, ...near];
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
