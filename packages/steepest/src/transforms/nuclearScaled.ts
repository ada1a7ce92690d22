import type { Transform } from "../core/transform.ts";
import { mapLeaves, refTree, type Tree } from "../core/tree.ts";
import { inner } from "../matrix/reduce.ts";

/**
 * ⟨u, v⟩·v for v = direction(u), weight by weight: for a direction v = −lmo(u) the sharp operator, since ⟨u, v⟩ = ‖u‖_*.
 * With the polar factor that is the nuclear norm, up to the factor by which an inexact one falls short.
 */
export function nuclearScaled<S extends Tree>(direction: Transform<S>): Transform<S> {
  return {
    ...direction,
    update(updates, state, params, context) {
      const [v, next] = direction.update(refTree(updates), state, params, context);
      return [mapLeaves((u, x) => x.ref.mul(inner(u, x)), updates, v), next];
    },
  };
}
