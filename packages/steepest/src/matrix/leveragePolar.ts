import { numpy as np } from "@jax-js/jax";
import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

import { scaleByLargest } from "./normalization.ts";
import { type Polar, polarFunction } from "./polar.ts";
import { expectMatrices } from "./shape.ts";

export interface LeveragePolarOptions {
  /** How polar factors are found. */
  readonly polar: Polar;
  /** K: polar factors computed. Default 2. */
  readonly iterations?: number;
  /** β: how strongly row lengths are corrected between them. Default 0.5. */
  readonly power?: number;
}

/**
 * A semi-orthogonal matrix near the polar factor whose rows have nearly equal lengths, for a tall x [..., m, n]:
 *
 *   D = 1/‖rows of x‖;   K times:  U = polar(Dx),  and before the next  D ← D·((n/m)/‖rows of U‖²)^β
 *
 * A wide x is treated transposed; a square one gives its polar factor, whose rows are unit already. Does not depend on
 * the scale of x's slices along the long side; zero slices stay zero. Cost: K polar factors. Consumes x.
 * Source: Dewulf, Pai, Yang, Zhang & Keigwin 2026, arXiv:2606.27715 (Aurora).
 */
export function leveragePolar(
  x: np.Array,
  { polar: how, iterations = 2, power = 0.5 }: LeveragePolarOptions,
): np.Array {
  const { rows, columns } = expectMatrices("leveragePolar", x);
  expectWhole("leveragePolar", { iterations }, 1);
  expectNumbers("leveragePolar", { power }, "a number");
  const polar = polarFunction(how);
  if (rows === columns) return polar(x);
  const turned = rows < columns ? np.matrixTranspose(x) : x;
  const { scaled, scale } = scaleByLargest(turned);
  scale.dispose();
  const target = Math.min(rows, columns) / Math.max(rows, columns);
  const squares = (y: np.Array): np.Array => np.sum(np.square(y), -1, { keepdims: true });
  let weights = np.reciprocal(np.maximum(np.sqrt(squares(scaled.ref)), 1e-7));
  let u = polar(scaled.ref.mul(weights.ref));
  for (let k = 1; k < iterations; k++) {
    const ratio = np.reciprocal(np.maximum(squares(u), 1e-14)).mul(target);
    weights = weights.mul(np.exp(np.log(ratio).mul(power)));
    u = polar(scaled.ref.mul(weights.ref));
  }
  scaled.dispose();
  weights.dispose();
  return rows < columns ? np.matrixTranspose(u) : u;
}
