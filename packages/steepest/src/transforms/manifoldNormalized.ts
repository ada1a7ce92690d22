import { numpy as np } from "@jax-js/jax";
import { stepsByGradients } from "../core/estimate.ts";
import { expectNumbers } from "../core/expectNumbers.ts";
import { matrixSides } from "../core/parameters/matrixSides.ts";
import type { StepContext, Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, type Stateless } from "../core/tree.ts";
import { nextCount, readPhase, zeroCount } from "./count.ts";
import { divisor } from "./divisor.ts";

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
  /** λ ≥ 0: adds λW, as `addDecayedWeights` would, without passing over the weights again. Default 0. */
  weightDecay?: number;
}

/**
 * The least |v|²/|g|²: below, v is what rounding left of a difference (its square is known to 1e-6 of |g|²), and it
 * must not be blown up to a whole step.
 */
const PARALLEL = 1e-5;

export type AlternatingState = { count: np.Array };

/**
 * The update made tangent at the weight and put on the oblique manifold; the weight itself stays free.
 *
 *   v = g − Ŵ ⊙ ⟨g, Ŵ⟩ₖ      v̂ = v / ‖v‖₂,ₖ      emits scale · √nₖ · v̂
 *
 * ⟨·,·⟩ₖ and ‖·‖₂,ₖ sum along axis k, of length nₖ. Weights of rank above 2 are seen as [d0, rest]. The axis
 * alternates with the step: period 2, one step count of state. A vector parallel to its weight gives about zero: where
 * sin∠(g, w) < 0.003 steps fade. Time is that of memory, so v is never formed: from |g|², |w|² and ⟨g, w⟩ of each vector
 * comes |v|² = |g|² − ⟨g, ŵ⟩²(2 − |ŵ|²), and the update is g·α − w·β with two numbers for each vector.
 * Source: Gu & Xie 2026, arXiv:2601.23000, and its repository's mano.py and mano_v2.py.
 */
export function manifoldNormalized({
  axis = "alternate",
  ...step
}: ManifoldNormalizedOptions = {}): Transform<AlternatingState | Stateless> {
  const alternate = axis === "alternate";
  const { eps = 0, scale = 0, weightDecay = 0 } = step;
  expectNumbers("manifoldNormalized", { eps, scale, weightDecay }, "≥ 0");
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
    estimate: stepsByGradients,
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
  { point = "normalized", eps = 1e-8, scale = 0.2, weightDecay = 0 }: ManifoldNormalizedOptions,
): np.Array {
  const shape = gradient.shape;
  const sides = matrixSides(shape);
  const g = gradient.reshape([...sides]);
  const w = weight.reshape([...sides]);
  const sum = (x: np.Array): np.Array => x.sum(axis, { keepdims: true });
  const [gg, ww, gw] = [sum(np.square(g.ref)), sum(np.square(w.ref)), sum(g.ref.mul(w.ref))];
  // From here on one number for each vector: ŵ = w·inverse, along = ⟨g, ŵ⟩, length = |ŵ|², which is 1 unless w is tiny.
  const inverse = point === "raw" ? np.onesLike(ww.ref) : np.reciprocal(floorOf(np.sqrt(ww.ref), eps));
  const length = ww.mul(np.square(inverse.ref));
  const along = gw.mul(inverse.ref);
  const square = gg.ref.sub(np.square(along.ref).mul(np.array(2).sub(length)));
  const size = np.sqrt(np.maximum(square, gg.ref.mul(PARALLEL)));
  const floored = point === "raw" ? divisor(size, eps) : floorOf(size, eps);
  const unit = np.reciprocal(floored).mul(scale * Math.sqrt(sides[axis]));
  // Squares of a vector longer than 1e19 overflow, and the difference above is NaN: no step rather than that.
  const alpha = np.where(gg.less(1e38), unit, 0);
  const beta = along.mul(inverse).mul(alpha.ref).sub(weightDecay);
  return g.mul(alpha).sub(w.mul(beta)).reshape(shape);
}

/** max(size, eps); with eps = 0 a size of 0 becomes 1. Consumes size. */
const floorOf = (size: np.Array, eps: number): np.Array =>
  eps > 0 ? np.maximum(size, eps) : divisor(size, 0);
