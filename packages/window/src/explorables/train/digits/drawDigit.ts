import { counterRandom } from "@steepest/models";
import { digitStrokes, type Point } from "./digitStrokes.ts";

/** Width and height of an image, in pixels. */
export const SIDE = 12;

/** By how much hands differ: radians, shares of the size, pixels of the square of side 1. */
const [LEAN, SHEAR, SHIFT, WOBBLE, NOISE] = [0.3, 0.25, 0.08, 0.035, 0.12];

/**
 * A digit as some hand writes it: turned, slanted, stretched, moved, with a wobble in every point, thick or thin, on a paper with
 * noise. [SIDE, SIDE] bytes into `pixels` from `at` on; the same for the same digit, seed and number.
 */
export function drawDigit(
  digit: number,
  { seed, number, pixels, at }: { seed: number; number: number; pixels: Uint8Array; at: number },
): void {
  let drawn = 0;
  const within = (most: number): number =>
    most * (2 * counterRandom(seed, "augmentation", number, drawn++) - 1);
  const [lean, shear, thickness] = [within(LEAN), within(SHEAR), 0.075 + within(0.03)];
  const scale: Point = [0.9 + within(0.15), 0.9 + within(0.12)];
  const shift: Point = [within(SHIFT), within(SHIFT)];
  const [cos, sin] = [Math.cos(lean), Math.sin(lean)];
  const moved = ([px, py]: Point): Point => {
    const y = (py - 0.5) * scale[1] + within(WOBBLE);
    const x = (px - 0.5) * scale[0] - shear * y + within(WOBBLE);
    return [0.5 + cos * x - sin * y + shift[0], 0.5 + sin * x + cos * y + shift[1]];
  };
  const strokes = (digitStrokes[digit] ?? []).map((stroke) => stroke.map(moved));
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      const place: Point = [(column + 0.5) / SIDE, (row + 0.5) / SIDE];
      const near = Math.min(...strokes.map((stroke) => distance(place, stroke)));
      const ink = (thickness - near) * SIDE + 0.5 + within(NOISE);
      pixels[at + row * SIDE + column] = Math.round(255 * Math.min(1, Math.max(0, ink)));
    }
}

/** From a place to the nearest one of a stroke. */
function distance([x, y]: Point, stroke: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < stroke.length; i++) {
    const [ax, ay] = stroke[i - 1] ?? [0, 0];
    const [bx, by] = stroke[i] ?? [0, 0];
    const [dx, dy] = [bx - ax, by - ay];
    const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return least;
}
