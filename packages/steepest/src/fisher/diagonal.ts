import { numpy as np } from "@jax-js/jax";

import { corrected, type Power, type Structure } from "./structure.ts";

export interface DiagonalOptions {
  /** Default −1/2. */
  readonly power?: Power;
  /** Added to √v, or to v for the power −1. Default 0. */
  readonly eps?: number;
}

/**
 * F̃ = Diag(v), v = E[g²], the exact minimiser of ‖F̃ − F‖ over diagonal matrices: RMSprop and Adam. State mn.
 *
 *   power −1/2:  X / (√v + eps)        power −1:  X / (v + eps)
 */
export function diagonal({ power = -0.5, eps = 0 }: DiagonalOptions = {}): Structure<{ square: np.Array }> {
  return {
    name: "diagonal",
    family: "Diag(v)",
    power,
    init: (rows, cols) => ({ square: np.zeros([rows, cols]) }),
    observe: ({ square }, gradient, mix) => ({
      square: mix(square, np.square(gradient)),
    }),
    precondition: ({ square }, x, correction) => x.div(scaleOf(square, correction, power, eps)),
    dense: ({ square }, _rows, _cols, correction) => diagonalMatrix(corrected(square.ref, correction)),
  };
}

/** What a diagonal structure divides by: √(v/correction) + eps, or v/correction + eps. Borrows both. */
export function scaleOf(
  square: np.Array,
  correction: np.Array | undefined,
  power: Power,
  eps: number,
): np.Array {
  const v = corrected(square.ref, correction);
  const scale = (power === -1 ? v : np.sqrt(v)).add(eps);
  return eps > 0 ? scale : np.where(scale.ref.greater(0), scale, 1); // 0/0 is a zero step
}

/** Diag(vec(x)) of x [m, n], [mn, mn]. Consumes x. */
export function diagonalMatrix(x: np.Array): np.Array {
  return np.diag(np.matrixTranspose(x).reshape([-1]));
}
