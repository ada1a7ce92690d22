import { numpy as np } from "@jax-js/jax";
import { scaleOf } from "../fisher/diagonal.ts";
import type { Mix } from "../fisher/structure.ts";
import { length } from "../matrix/reduce.ts";
import { biasCorrection } from "./count.ts";

/** Methods whose step length another method can borrow. */
export const graftNames = ["none", "sgd", "adagrad", "rmsprop", "adam"] as const;

export interface Graft {
  readonly method: (typeof graftNames)[number];
  /** Weight of the past in the average of squares of `rmsprop` and `adam`. Default 0.999. */
  readonly b2?: number;
  /** Added outside the root. Default 1e-8. */
  readonly eps?: number;
}

/** The average, or sum, of squares [m, n] of a method that needs it. */
export type GraftState = { graftSquare?: np.Array };

/** Squares of gradients, for the methods that need them. */
export function initGraft({ method }: Graft, rows: number, cols: number): GraftState {
  return method === "none" || method === "sgd" ? {} : { graftSquare: np.zeros([rows, cols]) };
}

/**
 * The step the grafting method would make of the averaged gradient `mean`: itself for `none` and `sgd`, else over
 * the root of (averaged) squares. Consumes state and arrays, borrows t.
 */
export function graftDirection(
  { method, b2 = 0.999, eps = 1e-8 }: Graft,
  { graftSquare }: GraftState,
  gradient: np.Array,
  mean: np.Array,
  t: np.Array,
): [direction: np.Array, state: GraftState] {
  if (graftSquare === undefined) {
    gradient.dispose();
    return [mean, {}];
  }
  const mix: Mix =
    method === "adagrad"
      ? (past, sample) => past.add(sample)
      : (past, sample) => past.mul(b2).add(sample.mul(1 - b2));
  const square = mix(graftSquare, np.square(gradient));
  const correction = method === "adam" ? biasCorrection(b2, t.ref) : undefined;
  const scale = scaleOf(square, correction, -0.5, eps);
  correction?.dispose();
  return [mean.div(scale), { graftSquare: square }];
}

/** direction · ‖graft‖ / (‖direction‖ + 1e-16): only the length is borrowed. Consumes both. */
export function withLengthOf(graft: np.Array, direction: np.Array): np.Array {
  const own = length(direction.ref);
  // 1e-16 would vanish beside any float32 length but 0, where the direction is 0 too.
  const safe = np.where(own.ref.greater(0), own, 1);
  return direction.mul(length(graft).div(safe));
}
