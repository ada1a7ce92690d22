import type { Transform } from "./transform.ts";
import { namedLeaves, refTree, type Tree } from "./tree.ts";

/**
 * What a stage declares as the gradient estimator it steps by, borrowed trees in, a tree of the caller's out. Undefined
 * where it declares nothing and keeps nothing: then what comes before or after it decides.
 *
 * Throws for a stage that keeps state and does not say what it averages; `what` names it.
 */
export function declaredEstimate<S extends Tree>(
  what: string,
  stage: Transform<S>,
  state: S,
  gradients: Tree,
): Tree | undefined {
  if (stage.estimate !== undefined) return stage.estimate(state, gradients);
  const kept = namedLeaves(state).map(([path]) => path);
  if (kept.length === 0) return undefined;
  throw new Error(
    `${what} keeps state (${kept.slice(0, 3).join(", ")}${kept.length > 3 ? ", …" : ""}) and does not declare which ` +
      "gradient estimator it steps by: give the transform estimate(state, gradients), which returns its average, or " +
      "the gradients where it averages none (Transform.estimate)",
  );
}

/** The declaration of a stage that makes a step of the gradients as they come, without an average of them. */
export const stepsByGradients = (_state: Tree, gradients: Tree): Tree => refTree(gradients);
