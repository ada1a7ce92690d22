import { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Transform } from "../../core/transform.ts";
import type { Stateless } from "../../core/tree.ts";
import { divisor } from "../../transforms/divisor.ts";
import { noState, type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

/**
 * Mano-V2 on both axes of every step, a = 1 − b first, b alternating from columns:
 *
 *   u = g − W⟨g, W⟩ₐ;  u = u − W⟨u, W⟩_b;  u = u/max(‖u‖ₐ, eps);  u = u/max(‖u‖_b, eps);   emits 0.2√n_b·u
 *
 * The scale is ours: the source gives none. Source: README of Gu & Xie's repository, 2026.
 */
export function bothAxes(eps: number): Transform<PerParameterState<Stateless>> {
  return perParameter({
    name: "bothAxes",
    period: 2,
    init: noState,
    update(gradient, state, weight, { context }) {
      const { shape } = gradient;
      const sides = matrixSides(shape);
      const last = context.phase === 0 ? 0 : 1;
      const w = weight.reshape(sides);
      let u = gradient.reshape(sides);
      const axes = [1 - last, last];
      for (const axis of axes) {
        const radial = np.sum(u.ref.mul(w.ref), axis, { keepdims: true });
        u = u.sub(w.ref.mul(radial));
      }
      w.dispose();
      for (const axis of axes) {
        const lengths = np.sqrt(np.sum(np.square(u.ref), axis, { keepdims: true }));
        u = u.div(divisor(np.maximum(lengths, eps), 0));
      }
      return [u.mul(0.2 * Math.sqrt(sides[last])).reshape(shape), state];
    },
    estimate: (_state, gradient) => gradient.ref,
  });
}
