/** A point after a turn around the vertical axis, and a tilt towards the reader; z comes out of the page. */
export function turn(
  [x = 0, y = 0, z = 0]: readonly number[],
  around: number,
  tilt: number,
): [number, number, number] {
  const [c, s] = [Math.cos(around), Math.sin(around)];
  const [right, deep] = [c * x - s * y, s * x + c * y];
  const [ct, st] = [Math.cos(tilt), Math.sin(tilt)];
  return [right, ct * z + st * deep, st * z - ct * deep];
}

type Point = readonly [number, number, number];

/** Four corners, where they lie in depth, and how much of the light from above the reader's shoulder they send back, 0 to 1. */
export interface Facet {
  readonly corners: readonly Point[];
  readonly depth: number;
  readonly light: number;
}

const LIGHT: Point = [-0.35, 0.6, 0.72];

/** The facets of a closed surface of rings from pole to pole, those that are far away first. */
export function facetsOf(
  rings: readonly (readonly (readonly number[])[])[],
  around: number,
  tilt: number,
): Facet[] {
  const turned = rings.map((ring) => ring.map((point) => turn(point, around, tilt)));
  const facets = turned.slice(1).flatMap((ring, i) =>
    ring.map((corner, j): Facet => {
      const above = turned[i] ?? ring;
      const next = (j + 1) % ring.length;
      const corners = [above[j], above[next], ring[next], corner].filter((point) => point !== undefined);
      return facetOf(corners);
    }),
  );
  return facets.sort((a, b) => a.depth - b.depth);
}

function facetOf(corners: readonly Point[]): Facet {
  const [a = ZERO, b = ZERO, c = ZERO, d = ZERO] = corners;
  const normal = cross(minus(c, a), minus(d, b)); // of the diagonals: a side is nothing at a pole
  const length = Math.hypot(...normal) || 1;
  const toLight = LIGHT.reduce((sum, l, i) => sum + (l * (normal[i] ?? 0)) / length, 0);
  return {
    corners,
    depth: corners.reduce((sum, [, , z]) => sum + z, 0) / corners.length,
    light: Math.abs(toLight), // the surface is closed, and what looks away is hidden
  };
}

const ZERO: Point = [0, 0, 0];
const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
