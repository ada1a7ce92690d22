import { numpy as np } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Transform } from "../../core/transform.ts";
import { oblique } from "../../manifolds/oblique.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

/**
 * Momentum that is made tangent at N(W) and kept so: M ← tangent part of μM + G, which it also emits. Axes as
 * in `manifoldNormalized`; state mn. The ablation "Mₜ = vₜ" of Gu & Xie 2026, arXiv:2601.23000.
 */
export function retractedTrace(
  momentum: number,
  axis: 0 | 1 | "alternate",
): Transform<PerParameterState<{ sum: np.Array }>> {
  const manifolds = [oblique("columns"), oblique("rows")] as const;
  return perParameter({
    name: "retractedTrace",
    period: axis === "alternate" ? 2 : 1,
    init: (weight) => ({ sum: np.zerosLike(weight) }),
    update(gradient, { sum }, weight, { context }) {
      const manifold = manifolds[axis === "alternate" ? (context.phase === 0 ? 0 : 1) : axis];
      const { shape } = gradient;
      const sides = matrixSides(shape);
      const moved = sum.mul(momentum).add(gradient).reshape(sides);
      const tangent = manifold.tangent(manifold.nearest(weight.reshape(sides)), moved).reshape(shape);
      return [tangent, { sum: tangent.ref }];
    },
    estimate: ({ sum }) => sum.ref.mul(1 - momentum),
  });
}
