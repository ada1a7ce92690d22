import { scaleOf } from "../chart/scale.ts";

/**
 * How many of the values lie around each of `places` places of a log scale: a triangle of the width of two places around each value,
 * divided by the number of values. What is not above 0 has no place.
 */
export function densityOf(
  values: readonly number[],
  range: readonly [number, number],
  places: number,
): number[] {
  const found = new Array<number>(places).fill(0);
  const place = scaleOf(range, [0, places - 1], true);
  const width = 2;
  for (const value of values) {
    if (!(value > 0)) continue;
    const at = place(value);
    for (let i = Math.max(0, Math.ceil(at - width)); i <= Math.min(places - 1, at + width); i++)
      found[i] = (found[i] ?? 0) + (1 - Math.abs(i - at) / width) / (width * values.length);
  }
  return found;
}

/** At most `count` of all, the first and the last among them, evenly spread. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  const at = Array.from({ length: count }, (_, i) => Math.round((i * (all.length - 1)) / (count - 1)));
  return at.flatMap((i) => all.slice(i, i + 1));
}
