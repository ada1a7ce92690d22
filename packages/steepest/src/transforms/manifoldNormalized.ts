import { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../parameters/matrixSides.ts";
import type { StepContext, Transform } from "../transform.ts";
import { disposeTree, mapLeaves, type Stateless } from "../tree.ts";
import { nextCount, readPhase, zeroCount } from "./count.ts";

export interface ManifoldNormalizedOptions {
  /** Axis along which vectors are unit: 0 columns, 1 rows, `alternate` columns first. Default `alternate`. */
  axis?: 0 | 1 | "alternate";
  /**
   * The point whose tangent space is projected on. `normalized`: W scaled onto the manifold (Mano).
   * `raw`: W itself, which is a projection only where the vectors of W are unit (Mano-V2). Default `normalized`.
   */
  point?: "normalized" | "raw";
  /** Floor of a norm (`normalized`) or added to it (`raw`), as the two codes do. Default 1e-8. */
  eps?: number;
  /** The update is `scale · √n_k · v̂`: its root mean square is `scale`. Default 0.2. */
  scale?: number;
}

export type AlternatingState = { count: np.Array };

/**
 * The update made tangent at the weight and put on the oblique manifold; the weight itself stays free.
 *
 *   v = g − Ŵ ⊙ ⟨g, Ŵ⟩ₖ      v̂ = v / ‖v‖₂,ₖ      emits scale · √nₖ · v̂
 *
 * ⟨·,·⟩ₖ and ‖·‖₂,ₖ sum along axis k, of length nₖ. Weights of rank above 2 are seen as [d0, rest]. The axis
 * alternates with the step: period 2, one step count of state. A vector parallel to its weight gives zero.
 * Source: Gu & Xie 2026, arXiv:2601.23000, and its repository's mano.py and mano_v2.py.
 */
export function manifoldNormalized({
  axis = "alternate",
  ...step
}: ManifoldNormalizedOptions = {}): Transform<AlternatingState | Stateless> {
  const alternate = axis === "alternate";
  return {
    period: alternate ? 2 : 1,
    init(params) {
      disposeTree(params);
      return alternate ? { count: zeroCount() } : {};
    },
    update(updates, state, params, context) {
      const along = alternate ? alternatingAxis(state.count, context) : axis;
      const moved = mapLeaves((g, w) => tangentStep(g, w, along, step), updates, params);
      return [moved, state.count === undefined ? state : { count: nextCount(state.count) }];
    },
  };
}

/** Columns on even steps, rows on odd ones; the first step has count 0. Borrows the count. */
function alternatingAxis(count: np.Array | undefined, context: StepContext | undefined): 0 | 1 {
  if (count === undefined)
    throw new Error("manifoldNormalized: alternating axes need the step count in the state");
  return (context?.phase ?? readPhase("manifoldNormalized", count, 2)) === 0 ? 0 : 1;
}

/** One weight's update. Consumes gradient and weight. */
function tangentStep(
  gradient: np.Array,
  weight: np.Array,
  axis: 0 | 1,
  { point = "normalized", eps = 1e-8, scale = 0.2 }: ManifoldNormalizedOptions,
): np.Array {
  const shape = gradient.shape;
  const sides = matrixSides(shape);
  const g = gradient.reshape([...sides]);
  const w = weight.reshape([...sides]);
  const along = { keepdims: true };
  const lengths = (x: np.Array): np.Array => np.sqrt(np.square(x).sum(axis, along));
  const unit = (x: np.Array): np.Array =>
    point === "raw" ? x.ref.div(lengths(x).add(eps)) : x.ref.div(np.maximum(lengths(x), eps));

  const at = point === "raw" ? w : unit(w);
  const radial = g.ref.mul(at.ref).sum(axis, along);
  const tangent = g.sub(at.mul(radial));
  return unit(tangent)
    .mul(scale * Math.sqrt(sides[axis]))
    .reshape(shape);
}
