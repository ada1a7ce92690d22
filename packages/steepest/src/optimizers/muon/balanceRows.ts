import { numpy as np } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Transform } from "../../core/transform.ts";
import { length } from "../../matrix/reduce.ts";
import { divisor } from "../../transforms/divisor.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

/** Whose squares are averaged: of each row, or of each slice across the longer side (NVIDIA). */
export type BalancedSlices = "rows" | "longSide";

export interface BalanceRowsOptions {
  /** Weight of the past in the averages, in [0, 1). Default 0.95. */
  readonly beta?: number;
  /** Default "rows". */
  readonly slices?: BalancedSlices;
  /**
   * With "add" (default) beside the root of the average; with "floor" a lower bound of the average itself.
   */
  readonly guard?: "add" | "floor";
  /** Default 1e-10. */
  readonly eps?: number;
  /** The root mean square of what is emitted, > 0. Default: the Frobenius norm stays what it was. */
  readonly rms?: number;
}

/**
 * Divides each row by the root of a running mean of its squares, and keeps the Frobenius norm of the whole,
 * or sets it.
 *
 *   v ← βv + (1−β)·mean over columns of O²;   Ô = O/(√v + eps);   emits Ô·‖O‖_F/‖Ô‖_F, or Ô·rms·√(mn)/‖Ô‖_F
 *
 * State m floats a weight. v starts at zero without correction, which the last factor takes out.
 * Source: Li et al. 2025, arXiv:2510.05491, zichongli5/NorMuon.
 */
export function balanceRows(
  options: BalanceRowsOptions = {},
): Transform<PerParameterState<{ squares: np.Array }>> {
  const { beta = 0.95, slices = "rows", guard = "add", eps = 1e-10, rms } = options;
  const axisOf = ([rows, columns]: readonly [number, number]): 0 | 1 =>
    slices === "rows" || rows >= columns ? 1 : 0;
  return perParameter({
    name: "balanceRows",
    init(weight) {
      const { shape, dtype } = weight;
      weight.dispose();
      const sides = matrixSides(shape);
      return { squares: np.zeros(axisOf(sides) === 1 ? [sides[0], 1] : [1, sides[1]], { dtype }) };
    },
    update(gradient, { squares: past }, weight) {
      weight.dispose();
      const { shape } = gradient;
      const sides = matrixSides(shape);
      const o = gradient.reshape(sides);
      const mean = np.mean(np.square(o.ref), axisOf(sides), { keepdims: true });
      const squares = past.mul(beta).add(mean.mul(1 - beta));
      const root =
        guard === "add"
          ? divisor(np.sqrt(squares.ref), eps)
          : divisor(np.sqrt(np.maximum(squares.ref, eps)), 0);
      const balanced = o.ref.div(root);
      // Lengths, not sums of squares, which underflow for a tiny O.
      const after = length(balanced.ref);
      const target = rms === undefined ? length(o.ref) : np.fullLike(after.ref, rms * Math.sqrt(o.size));
      o.dispose();
      const known = after.ref.greater(0);
      const ratio = np.where(known.ref, target.div(np.where(known, after, 1)), 0);
      return [balanced.mul(ratio).reshape(shape), { squares }];
    },
    estimate: (_state, gradient) => gradient.ref,
  });
}
