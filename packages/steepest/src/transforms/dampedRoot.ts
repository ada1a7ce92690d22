import { numpy as np } from "@jax-js/jax";

import { divisor } from "./divisor.ts";

/**
 * What averages of squares become as a divisor: √v + eps, as codes have it, or with `inside` √(v + eps), as
 * some papers print it. Never 0. Consumes v.
 */
export function dampedRoot(v: np.Array, eps: number, inside: boolean): np.Array {
  return inside ? divisor(np.sqrt(v.add(eps)), 0) : divisor(np.sqrt(v), eps);
}
