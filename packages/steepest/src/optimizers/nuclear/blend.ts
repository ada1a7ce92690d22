import { declaredEstimate } from "../../core/estimate.ts";
import type { Transform } from "../../core/transform.ts";
import { mapLeaves, refTree, type Tree } from "../../core/tree.ts";

/** The states of both. */
export type BlendState = [first: Tree, second: Tree];

/**
 * α·first(u) + (1−α)·second(u), both given the same updates. α in [0, 1]; at an end the other one is not run
 * at all. The step of a sum of dual norms is the sum of their steps: so F-Muon and F-Neon are made.
 */
export function blend(alpha: number, first: Transform, second: Transform): Transform {
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`blend: alpha must be in [0, 1], got ${alpha}`);
  if (alpha === 1) return first;
  if (alpha === 0) return second;
  const both: Transform<BlendState> = {
    init: (params) => [first.init(refTree(params)), second.init(params)],
    update(updates, [one, two], params, context) {
      const [a, nextOne] = first.update(refTree(updates), one, refTree(params), context);
      const [b, nextTwo] = second.update(updates, two, params, context);
      return [mapLeaves((x, y) => x.mul(alpha).add(y.mul(1 - alpha)), a, b), [nextOne, nextTwo]];
    },
    estimate: ([one], gradients) => declaredEstimate("the first transform of a blend", first, one, gradients),
  };
  return both;
}
