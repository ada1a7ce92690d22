export type Point = readonly [x: number, y: number];
/** Points that a pen goes through. */
export type Stroke = readonly Point[];

const full = Math.PI * 2;

/** A part of an ellipse, from one angle to another; 0 is on the right, a quarter of a turn is below. */
function arc(centre: Point, radii: Point, from: number, to: number): Stroke {
  const pieces = Math.max(4, Math.ceil((Math.abs(to - from) / full) * 14));
  return Array.from({ length: pieces + 1 }, (_, i): Point => {
    const angle = from + ((to - from) * i) / pieces;
    return [centre[0] + radii[0] * Math.cos(angle), centre[1] + radii[1] * Math.sin(angle)];
  });
}

const turn = (part: number): number => part * full;

/** How each digit is written, in a square from (0, 0) above on the left to (1, 1). */
export const digitStrokes: readonly (readonly Stroke[])[] = [
  [arc([0.5, 0.5], [0.24, 0.37], 0, full)],
  [
    [
      [0.34, 0.3],
      [0.54, 0.13],
      [0.54, 0.87],
    ],
  ],
  [[...arc([0.49, 0.34], [0.23, 0.21], turn(-0.5), turn(0.07)), [0.26, 0.86], [0.77, 0.86]]],
  [
    [
      ...arc([0.46, 0.31], [0.22, 0.18], turn(-0.42), turn(0.22)),
      ...arc([0.46, 0.68], [0.25, 0.19], turn(-0.22), turn(0.42)),
    ],
  ],
  [
    [
      [0.62, 0.88],
      [0.62, 0.12],
      [0.22, 0.62],
      [0.8, 0.62],
    ],
  ],
  [[[0.73, 0.13], [0.33, 0.13], [0.3, 0.46], ...arc([0.47, 0.65], [0.26, 0.22], turn(-0.36), turn(0.4))]],
  [[[0.64, 0.12], [0.43, 0.32], ...arc([0.5, 0.66], [0.22, 0.21], turn(-0.5), turn(0.5)).toReversed()]],
  [
    [
      [0.24, 0.14],
      [0.77, 0.14],
      [0.42, 0.88],
    ],
  ],
  [arc([0.5, 0.31], [0.18, 0.18], 0, full), arc([0.5, 0.68], [0.22, 0.2], 0, full)],
  [[...arc([0.49, 0.33], [0.21, 0.2], 0, full), [0.68, 0.5], [0.52, 0.88]]],
];
