import { declaredEstimate } from "../core/estimate.ts";
import type { Transform } from "../core/transform.ts";
import { disposeTree, refTree, type Tree } from "../core/tree.ts";

/**
 * The gradient estimator d that a method steps by, as the method declares it (`Transform.estimate`), of its state after
 * the step and the gradients of that step:
 *
 *   d ← μd + (1−μ)g      the average kept in the state, a heavy-ball sum S as (1−μ)S
 *
 * or the gradients themselves where none is averaged before the step is made: momentum 0, and methods that average steps
 * instead (ALMOND, LARS, RMSprop's and K-FAC's momentum). Works on optimizers and on transforms, `skipNonFinite` and
 * `clipGlobalNorm` included: with clipping d is of clipped gradients. The result has the structure of `gradients`, to be given to
 * `estimatorDual`, `wolfeGap` or `predictedDescent`.
 *
 * It is the average whatever the step makes of it: Nesterov's form and Lion's b1 mix g in once more, Adam corrects the
 * bias. L2 decay is in an average, since that is what is averaged, but not in gradients that are handed on. `alice` gives U·M and,
 * as it is, what lies outside of U; `psgd_kron` its warmed-up average.
 *
 * Consumes state and gradients. Can be traced. Cost: a factor for sums, two products for `alice`, else nothing.
 * Throws for a transform of one's own that keeps state and declares no estimate, and for what keeps no average of
 * gradients at all: `muown`, and `dion` and `dion2` unless all of the gradient goes into every step.
 */
export function gradientEstimate<S extends Tree>(method: Transform<S>, state: S, gradients: Tree): Tree {
  const found = declaredEstimate("gradientEstimate: the transform", method, state, gradients);
  const estimate = found ?? refTree(gradients);
  disposeTree(state);
  disposeTree(gradients);
  return estimate;
}
