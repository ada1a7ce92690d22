import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../../core/transform.ts";
import { disposeTree, mapLeaves } from "../../core/tree.ts";
import { rootMeanSquare } from "../../transforms/clipByRms.ts";

/** u · max(floor, RMS(W)): steps relative to the size of the weight. Source: Shazeer & Stern 2018, arXiv:1804.04235. */
export function scaleByParameterRms(floor: number): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      return [mapLeaves((u, w) => u.mul(np.maximum(rootMeanSquare(w), floor)), updates, params), state];
    },
  };
}
