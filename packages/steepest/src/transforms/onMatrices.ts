import type { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../core/parameters/matrixSides.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { mapWithWeights } from "./mapWithWeights.ts";

/** `fn(update, weight)` on every parameter as a matrix [d0, rest]. Stateless. `fn` consumes both. */
export function onMatrices(fn: (update: np.Array, weight: np.Array) => np.Array): StatelessTransform {
  return mapWithWeights((u, w) => {
    const { shape } = u;
    const sides = matrixSides(shape);
    return fn(u.reshape(sides), w.reshape(sides)).reshape(shape);
  });
}
