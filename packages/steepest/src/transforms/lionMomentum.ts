import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree } from "../core/tree.ts";
import type { EmaState } from "./ema.ts";

/**
 * Lion's two averages of one buffer: emits b1·m + (1−b1)·g with the old m, then m ← b2·m + (1−b2)·g.
 * State mn. Source: Chen et al. 2023, arXiv:2302.06675.
 */
export function lionMomentum(b1: number, b2: number): Transform<EmaState> {
  expectNumbers("lionMomentum", { b1, b2 }, "[0, 1]");
  return {
    init: (params) => ({ average: mapLeaves((p) => np.zerosLike(p), params) }),
    update(updates, { average }, params) {
      disposeTree(params);
      const mixed = mapLeaves((g, m) => m.mul(b1).add(g.mul(1 - b1)), refTree(updates), refTree(average));
      return [mixed, { average: mapLeaves((g, m) => m.mul(b2).add(g.mul(1 - b2)), updates, average) }];
    },
    estimate: ({ average }) => refTree(average),
  };
}
