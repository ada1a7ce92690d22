import { numpy as np } from "@jax-js/jax";
import { expectWhole } from "../core/expectNumbers.ts";

/**
 * A fixed vector of `size` entries in (0.5, 1.5) without pattern: hardly ever orthogonal to what is looked for. Where
 * `powerIteration` and `lanczos` start by default.
 *
 * vᵢ = 0.5 + (i·0.618… mod 1), Weyl's sequence by the golden ratio. Ones would be orthogonal to every row that sums to zero,
 * as behind a layer norm; with random signs it would be small against smooth vectors.
 */
export function startVector(size: number, dtype: np.Array["dtype"] = np.float32): np.Array {
  expectWhole("startVector", { size }, 1);
  const values = Float32Array.from({ length: size }, (_, i) => 0.5 + ((i * 0.6180339887498949) % 1));
  return np.array(values).astype(dtype);
}
