import { contours } from "d3-contour";

import { EXTENT, type Landscape } from "./landscape.ts";

/** Points of the grid along each side. */
const GRID = 90;
/** Levels, a factor apart, from the largest value downwards. */
const LEVELS = 12;
const FACTOR = 1.9;

/** Lines of equal height as paths of an SVG that is `size` wide, the lowest first. */
export function contourPaths({ at }: Pick<Landscape, "at">, size: number): string[] {
  const place = (i: number): number => ((2 * (i + 0.5)) / GRID - 1) * EXTENT;
  const values = Array.from({ length: GRID * GRID }, (_, k) =>
    at(place(k % GRID), -place(Math.floor(k / GRID))),
  );
  const highest = Math.max(...values);
  const levels = Array.from({ length: LEVELS }, (_, i) => highest / FACTOR ** (LEVELS - i));
  const scale = size / GRID;
  const ring = (points: readonly (readonly number[])[]): string =>
    `M${points.map(([x = 0, y = 0]) => `${(x * scale).toFixed(1)},${(y * scale).toFixed(1)}`).join("L")}Z`;
  return contours()
    .size([GRID, GRID])
    .thresholds(levels)(values)
    .map(({ coordinates }) => coordinates.flatMap((polygon) => polygon.map(ring)).join(""));
}
