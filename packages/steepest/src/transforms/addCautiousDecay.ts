import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { StatelessTransform } from "../core/transform.ts";
import { mapWithWeights } from "./mapWithWeights.ts";

/**
 * updates + weightDecay · params where the two have one sign (update · weight ≥ 0), that is where the step shrinks the
 * weight anyway; elsewhere the update alone. Stands just before `scaleByLearningRate`, as decoupled decay does.
 * Source: modded-nanogpt's NorMuon, after Liang et al. 2024, arXiv:2411.16085 (Cautious Optimizers).
 */
export function addCautiousDecay(weightDecay: number): StatelessTransform {
  expectNumbers("addCautiousDecay", { weightDecay }, "≥ 0");
  return mapWithWeights((u, w) => {
    const agree = u.ref.mul(w.ref).greaterEqual(0);
    return u.add(np.where(agree, w.mul(weightDecay), 0));
  });
}
