import { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { disposeTree, mapLeaves } from "../../core/tree.ts";

/**
 * Each row made orthogonal to its weight and brought to unit length:
 *
 *   m⊥ = m − (⟨m, w⟩/max(‖w‖², eps)) w;   emits m⊥/max(‖m⊥‖, eps)
 *
 * A row parallel to its weight gives zero, or rounding of unit length where eps is below it. Weights of rank above 2 are
 * seen as [d0, rest]. Source: Yuan et al. 2026, arXiv:2605.03769 (Nora).
 */
export function tangentRows({ eps = 1e-10 }: { eps?: number } = {}): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      return [mapLeaves((m, w) => tangent(m, w, eps), updates, params), state];
    },
  };
}

function tangent(update: np.Array, weight: np.Array, eps: number): np.Array {
  const { shape } = update;
  const [m, w] = [update.reshape(matrixSides(shape)), weight.reshape(matrixSides(shape))];
  const along = (x: np.Array): np.Array => np.sum(x, 1, { keepdims: true });
  const radial = along(m.ref.mul(w.ref)).div(np.maximum(along(np.square(w.ref)), eps));
  const orthogonal = m.sub(w.mul(radial));
  const lengths = np.sqrt(along(np.square(orthogonal.ref)));
  return orthogonal.div(np.maximum(lengths, eps)).reshape(shape);
}
