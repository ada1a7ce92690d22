import { numpy as np } from "@jax-js/jax";
import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

import type { StatelessTransform } from "../core/transform.ts";
import { mapMatrices } from "./mapMatrices.ts";

export interface SinkhornOptions {
  /** L: how often rows and then columns are normalised. Default 5. */
  readonly steps?: number;
  /** Floor of a row's and a column's length. Default 1e-8. */
  readonly eps?: number;
}

/**
 * Rows to length √n, then columns to length √m, `steps` times: Sinkhorn's iteration on the squares of the entries.
 *
 *   X ← √n · rows of X at unit length;   X ← √m · columns of X at unit length
 *
 * Ends with columns of length √m exactly, hence ‖X‖_F = √(mn); rows come close geometrically. Signs stay.
 * Source: Scetbon, Ma, Gong & Meeds 2025, arXiv:2502.06742, as its re-implementations agree.
 */
export function sinkhorn({ steps = 5, eps = 1e-8 }: SinkhornOptions = {}): StatelessTransform {
  expectWhole("sinkhorn", { steps }, 1);
  expectNumbers("sinkhorn", { eps }, "≥ 0");
  return mapMatrices("sinkhorn", (x) => {
    const [m = 1, n = 1] = x.shape.slice(-2);
    let matrix = x;
    for (let step = 0; step < steps; step++) {
      matrix = toLength(matrix, -1, Math.sqrt(n), eps);
      matrix = toLength(matrix, -2, Math.sqrt(m), eps);
    }
    return matrix;
  });
}

/** Slices along an axis at the given length, divided by max(‖slice‖, floor). Consumes x. */
export function toLength(x: np.Array, axis: -1 | -2, length: number, floor: number): np.Array {
  const lengths = np.sqrt(np.sum(np.square(x.ref), axis, { keepdims: true }));
  return x.div(np.maximum(lengths, floor)).mul(length);
}
