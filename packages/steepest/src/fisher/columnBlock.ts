import { numpy as np } from "@jax-js/jax";

import { diagonalMatrix, scaleOf } from "./diagonal.ts";
import { corrected, type Power, type Structure } from "./structure.ts";

export interface ColumnBlockOptions {
  /** Default −1/2. */
  readonly power?: Power;
  /** Added to √s, or to s for the power −1. Default 0. */
  readonly eps?: number;
  /** One scale for every column, or for every row. Default "columns". */
  readonly vectors?: "columns" | "rows";
}

/**
 * F̃ = S ⊗ I with S diagonal: every column has one curvature, Sⱼ = E‖G[:,j]‖²/m, the exact minimiser. State n.
 * With `vectors: "rows"` F̃ = I ⊗ Q, Qᵢ = E‖G[i,:]‖²/n, state m. Column-normalised SGD.
 */
export function columnBlock({
  power = -0.5,
  eps = 0,
  vectors = "columns",
}: ColumnBlockOptions = {}): Structure<{ square: np.Array }> {
  const axis = vectors === "columns" ? 0 : 1;
  return {
    name: "columnBlock",
    family: vectors === "columns" ? "S ⊗ I, S diagonal" : "I ⊗ Q, Q diagonal",
    power,
    init: (rows, cols) => ({ square: np.zeros(axis === 0 ? [1, cols] : [rows, 1]) }),
    observe: ({ square }, gradient, mix) => ({
      square: mix(square, np.mean(np.square(gradient), axis, { keepdims: true })),
    }),
    precondition: ({ square }, x, correction) => x.div(scaleOf(square, correction, power, eps)),
    dense({ square }, rows, cols, correction) {
      return diagonalMatrix(np.broadcastTo(corrected(square.ref, correction), [rows, cols]));
    },
  };
}
