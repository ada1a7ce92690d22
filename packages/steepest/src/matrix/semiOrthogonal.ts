import { type numpy as np, random } from "@jax-js/jax";
import { polarExpressSet } from "./coefficients/polarExpressSet.ts";
import { iterateSchedule } from "./newtonSchulz.ts";
import { expectMatrices } from "./shape.ts";

/** Smallest singular value, as a share of the bound below, that is brought to 1. */
const LOWER = 1e-7;

/**
 * A random matrix, or a batch of them, with all min(m, n) singular values 1 to about 1e-6 (float32), distributed
 * as the orthogonal factor of a Gaussian matrix: rotations from either side do not change its distribution.
 *
 * It is the polar factor of a Gaussian matrix by the Polar Express fitted on [1e-7, 1]. jax-js has no QR; this needs only
 * matrix products, so it runs on every device, in batches and inside a compiled graph. The Gaussian is first
 * divided by √m + √n + 6, which its spectral norm exceeds with probability e⁻¹⁸. A singular value below 1e-7 of that,
 * which would end below 1, turns up with probability 2e-7·n for a square matrix (n large), far less for any other.
 *
 * Cost: 16 Newton-Schulz steps. Consumes the key; shape [..., m, n].
 */
export function semiOrthogonal(key: np.Array, shape: readonly number[]): np.Array {
  const gaussian = random.normal(key, [...shape]);
  const { rows, columns } = expectMatrices("semiOrthogonal", gaussian);
  const bound = Math.sqrt(rows) + Math.sqrt(columns) + 6;
  return iterateSchedule(gaussian.div(bound), schedule);
}

const { schedule } = polarExpressSet({ lower: LOWER });
