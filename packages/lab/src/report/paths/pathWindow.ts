import type { PathPoint } from "../../run/runResult.ts";

/** A part of the plane. */
export interface PathWindow {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/**
 * What a picture of paths shows: every start and minimum, and the paths as far as they stay within twice that extent, so that
 * one that leaves for good does not make the others a dot. `aspect` is width over height; a unit is as long across as up.
 */
export function pathWindow(
  paths: readonly (readonly PathPoint[])[],
  minima: readonly (readonly number[])[],
  aspect: number,
): PathWindow {
  const fixed = [...paths.flatMap(([start]) => (start === undefined ? [] : [start])), ...minima];
  const range = (axis: 0 | 1): [low: number, high: number] => {
    const values = fixed.map((point) => point[axis] ?? 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const reach = Math.max(high - low, 1);
    const seen = paths
      .flat()
      .map((point) => point[axis])
      .filter((value) => value > low - reach && value < high + reach);
    const [least, most] = [Math.min(low, ...seen), Math.max(high, ...seen)];
    const margin = 0.12 * Math.max(most - least, reach);
    return [least - margin, most + margin];
  };
  const [x, y] = [range(0), range(1)];
  const [width, height] = [x[1] - x[0], y[1] - y[0]];
  const widen = (from: readonly [number, number], to: number): [number, number] => {
    const more = (to - (from[1] - from[0])) / 2;
    return [from[0] - more, from[1] + more];
  };
  const [left, right] = widen(x, Math.max(width, height * aspect));
  const [bottom, top] = widen(y, Math.max(height, width / aspect));
  return { left, right, bottom, top };
}
