import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../core/tree.ts";
import { biasCorrection, nextCount, zeroCount } from "./count.ts";
import { dampedRoot } from "./dampedRoot.ts";
import { divisor } from "./divisor.ts";

export interface AdamOptions {
  /** Weight of the past in the average of gradients, in [0, 1). Default 0.9. */
  b1?: number;
  /** Weight of the past in the average of squared gradients, in [0, 1). Default 0.999. */
  b2?: number;
  /** Added outside the root. Default 1e-8. */
  eps?: number;
  /** Add eps to v̂ inside the root. Default false. */
  epsInsideRoot?: boolean;
  /** Add eps to the uncorrected √v, as Moonlight and Mano do in their AdamW groups. Default false. */
  epsBeforeCorrection?: boolean;
  /** Divide the averages by 1 − b^t. Default true. */
  biasCorrection?: boolean;
  /** Divide by the largest v so far (Reddi et al. 2018, arXiv:1904.09237). Default false. */
  amsgrad?: boolean;
}

export type AdamState = { count: np.Array; mean: Tree; square: Tree; largest?: Tree };

/**
 * Adam's direction: m̂ / (√v̂ + eps), m and v the averages of the gradient and of its square from zero,
 * divided by 1 − b1^t and 1 − b2^t. State 2mn (3mn with amsgrad).
 *
 * With `epsInsideRoot` it is m̂/√(v̂ + eps), as some papers print it. With `epsBeforeCorrection`: (√(1−b2^t)
 * / (1−b1^t)) · m / (√v + eps). Source: Kingma & Ba 2014, arXiv:1412.6980 (whose text, unlike all code, is
 * ambiguous about eps).
 */
export function scaleByAdam(options: AdamOptions = {}): Transform<AdamState> {
  const { b1 = 0.9, b2 = 0.999, eps = 1e-8, epsBeforeCorrection = false, amsgrad = false } = options;
  const inside = options.epsInsideRoot ?? false;
  const corrected = options.biasCorrection ?? true;
  expectNumbers("scaleByAdam", { b1, b2 }, "[0, 1)");
  expectNumbers("scaleByAdam", { eps }, "≥ 0");
  const zeros = (params: Tree): Tree => mapLeaves((p) => np.zerosLike(p), params);
  return {
    init(params) {
      const state = { count: zeroCount(), mean: zeros(refTree(params)), square: zeros(refTree(params)) };
      if (amsgrad) return { ...state, largest: zeros(params) };
      disposeTree(params);
      return state;
    },
    update(updates, state, params) {
      disposeTree(params);
      const count = nextCount(state.count);
      const mean = mapLeaves((g, m) => m.mul(b1).add(g.mul(1 - b1)), refTree(updates), state.mean);
      const square = mapLeaves((g, v) => v.mul(b2).add(np.square(g).mul(1 - b2)), updates, state.square);
      const largest =
        state.largest && mapLeaves((v, top) => np.maximum(v, top), refTree(square), state.largest);

      const kept = largest ? { count, mean, square, largest } : { count, mean, square };
      if (!corrected) {
        const plain = mapLeaves(
          (m, v) => m.div(dampedRoot(v, eps, inside)),
          refTree(mean),
          refTree(largest ?? square),
        );
        return [plain, kept];
      }
      const correction1 = biasCorrection(b1, count.ref);
      const root2 = np.sqrt(biasCorrection(b2, count.ref));
      const direction = mapLeaves(
        (m, v) =>
          epsBeforeCorrection
            ? m.div(dampedRoot(v, eps, inside)).mul(root2.ref.div(correction1.ref))
            : inside
              ? m.div(correction1.ref).div(dampedRoot(v.div(np.square(root2.ref)), eps, inside))
              : m.div(correction1.ref).div(divisor(np.sqrt(v).div(root2.ref), eps)),
        refTree(mean),
        refTree(largest ?? square),
      );
      correction1.dispose();
      root2.dispose();
      return [direction, kept];
    },
    estimate: ({ mean }) => refTree(mean),
  };
}
