import { numpy as np } from "@jax-js/jax";

/** A function of two numbers to go down on. */
export interface Landscape {
  readonly label: string;
  readonly formula: string;
  /** Where a walk begins if nobody says. */
  readonly start: readonly [x: number, y: number];
  /** Of a point [2], a scalar. Consumes it; can be traced. */
  value(point: np.Array): np.Array;
  /** The same in plain numbers, for the picture. */
  at(x: number, y: number): number;
}

/** The picture reaches so far on each side of 0. */
export const EXTENT = 3;

const parts = (point: np.Array): [np.Array, np.Array] => [point.ref.slice(0), point.slice(1)];

export const landscapes = {
  bowl: {
    label: "a long bowl",
    formula: "½(x² + 9y²)",
    start: [-2.6, 1.3],
    value(point) {
      const [x, y] = parts(point);
      return np.square(x).add(np.square(y).mul(9)).mul(0.5);
    },
    at: (x, y) => 0.5 * (x * x + 9 * y * y),
  },
  valley: {
    label: "a bent valley",
    formula: "½(1 − x)² + 2(y − x²/2)²",
    start: [-2.2, 0.4],
    value(point) {
      const [x, y] = parts(point);
      const beside = y.sub(np.square(x.ref).mul(0.5));
      return np.square(x.neg().add(1)).mul(0.5).add(np.square(beside).mul(2));
    },
    at: (x, y) => 0.5 * (1 - x) ** 2 + 2 * (y - (x * x) / 2) ** 2,
  },
} as const satisfies Record<string, Landscape>;

export type LandscapeName = keyof typeof landscapes;
