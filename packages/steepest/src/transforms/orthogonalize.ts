import type { numpy as np } from "@jax-js/jax";

import { type NewtonSchulzOptions, newtonSchulz } from "../matrix/newtonSchulz.ts";
import { polar } from "../matrix/polar.ts";
import { matrixSides } from "../parameters/matrixSides.ts";
import type { StatelessTransform } from "../transform.ts";
import { mapUpdates } from "./scale.ts";

/** How the polar factor is found: exactly by SVD, or by Newton-Schulz iteration. */
export type Orthogonalization = "svd" | NewtonSchulzOptions;

/**
 * The polar factor U Vᵀ of every update U Σ Vᵀ. Weights of rank above 2 are seen as [d0, rest].
 * Throws for a vector, which has no polar factor worth the name: give it to another method.
 */
export function orthogonalize(how: Orthogonalization): StatelessTransform {
  const factor = (x: np.Array): np.Array => (how === "svd" ? polar(x) : newtonSchulz(x, how));
  return mapUpdates((u) => {
    const { shape } = u;
    if (shape.length < 2)
      throw new Error(`orthogonalize: a weight must have rank 2 or more, got shape [${shape}]`);
    return shape.length === 2 ? factor(u) : factor(u.reshape(matrixSides(shape))).reshape(shape);
  });
}
