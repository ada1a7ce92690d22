import { numpy as np } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { lengthsAlong } from "../../matrix/reduce.ts";
import { mapUpdates } from "../../transforms/scale.ts";

/**
 * Every column (or row) u of an update divided by max(‖u‖, eps): the one-sample `columnBlock` structure without its √m.
 * Zero stays zero. Rank above 2 counts as [d0, rest].
 */
export function normalizeVectors(vectors: "columns" | "rows", eps: number): StatelessTransform {
  return mapUpdates((u) => {
    const { shape } = u;
    const matrix = u.reshape(matrixSides(shape));
    const lengths = np.maximum(lengthsAlong(matrix.ref, vectors === "columns" ? 0 : 1), eps);
    return matrix.div(lengths).reshape(shape);
  });
}
