import type { numpy as np } from "@jax-js/jax";

import { namedLeaves, type Tree, unflattenLike } from "../core/tree.ts";

export interface GradientEstimateOptions {
  /** μ of a heavy-ball sum S ← μS + g (`trace`, `scion_light`), whose average is (1−μ)S. Needed where the state holds such a sum. */
  readonly momentum?: number;
}

/** What transforms call the average they keep. `sum` is a heavy-ball sum, 1/(1−μ) times as large. */
const averages = ["average", "mean", "sum"];

/**
 * The gradient estimator d that a method steps by, taken out of its state: for every parameter the average kept there,
 *
 *   d ← μd + (1−μ)g      in the state after the step (a heavy-ball sum S as (1−μ)S)
 *
 * or the gradient itself where nothing is kept (momentum 0). Works on the state of a chain of transforms and on that of
 * `createOptimizer`, `skipNonFinite` included. The result has the structure of `gradients`, to be given to `estimatorDual`,
 * `wolfeGap` or `predictedDescent`. Methods that step by something else than their average (Nesterov's form, Lion's
 * b1, ALMOND, which averages after the oracle) still give the average. Adam's `mean` comes without bias correction.
 *
 * Consumes both trees. Can be traced. Cost: nothing, no array is computed but for (1−μ)S.
 * Throws where a parameter has state but no average in it, or several, and for a sum without `momentum`.
 */
export function gradientEstimate(
  state: Tree,
  gradients: Tree,
  { momentum }: GradientEstimateOptions = {},
): Tree {
  const stored = namedLeaves(state);
  const paths = namedLeaves(gradients);
  const found = paths.map(([path, gradient]): [string, np.Array] => {
    const own = stored.filter(([name]) => ownerOf(name, paths) === path);
    const kept = own.filter(([name]) => averages.some((key) => `.${name}`.endsWith(`.${key}.${path}`)));
    const [first, second] = kept;
    if (second !== undefined)
      throw new Error(
        `gradientEstimate: the state holds several averages of "${path}": ${kept.map(([name]) => name).join(", ")}; ` +
          "pass the part of the state that holds the one you mean",
      );
    if (first === undefined) {
      if (own.length === 0) return [path, gradient.ref];
      throw new Error(
        `gradientEstimate: the state holds no average of the gradient of "${path}", only ` +
          `${own.map(([name]) => name).join(", ")}; an average is called ${averages.join(", ")}`,
      );
    }
    const [name, array] = first;
    if (!`.${name}`.endsWith(`.sum.${path}`)) return [path, array.ref];
    if (momentum === undefined || !(momentum >= 0 && momentum < 1))
      throw new RangeError(
        `gradientEstimate: "${name}" is a heavy-ball sum; pass its momentum, in [0, 1), to have (1−μ) times it, got ${momentum}`,
      );
    return [path, array.ref.mul(1 - momentum)];
  });
  const estimate = unflattenLike(gradients, Object.fromEntries(found));
  for (const [, array] of [...stored, ...paths]) array.dispose();
  return estimate;
}

/** The parameter a leaf of the state belongs to: the longest path its name ends with. */
function ownerOf(name: string, paths: readonly (readonly [string, np.Array])[]): string | undefined {
  const fitting = paths.filter(([path]) => `.${name}`.endsWith(`.${path}`));
  return fitting.toSorted(([a], [b]) => b.length - a.length)[0]?.[0];
}
