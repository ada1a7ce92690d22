import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../../core/transform.ts";
import { namedLeaves } from "../../core/tree.ts";
import { inRange } from "../../transforms/limitRange.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

export interface SophiaOptions {
  readonly b1: number;
  readonly b2: number;
  /** ρ: curvature that counts fully. */
  readonly rho: number;
  /** B: label positions in a batch. */
  readonly batchSize: number;
  /** Steps between two curvature estimates. */
  readonly every: number;
}

/** m and h, in the weight's shape. */
export type SophiaState = { mean: np.Array; curvature: np.Array };

/**
 * sign(m)·min(1, |m|/(ρBh + 1e-15)), m the average of gradients and h that of Ĝ², which every `every` steps takes in the gradient Ĝ
 * for labels drawn from the model (`context.sampledGradients`). State 2mn.
 * Source: Liu et al. 2023, arXiv:2305.14342; Liuhong99/Sophia.
 */
export function scaleBySophia({
  b1,
  b2,
  rho,
  batchSize,
  every,
}: SophiaOptions): Transform<PerParameterState<SophiaState>> {
  return perParameter({
    name: "sophia_g",
    period: every,
    phaseKey: ({ phase }) => (phase === 0 ? "measure" : "keep"),
    init: (weight) => ({ mean: np.zerosLike(weight.ref), curvature: np.zerosLike(weight) }),
    update(gradient, { mean, curvature }, weight, { path, context }) {
      weight.dispose();
      const m = mean.mul(b1).add(gradient.mul(1 - b1));
      let h = curvature;
      if (context.phase === 0) {
        const sampled =
          context.sampledGradients && Object.fromEntries(namedLeaves(context.sampledGradients))[path];
        if (sampled === undefined)
          throw new Error(
            `sophia_g needs the gradient of "${path}" for labels drawn from the model's own distribution, at every ` +
              `${every}th step: pass { phase, sampledGradients } to update`,
          );
        h = h.mul(b2).add(np.square(inRange(sampled.ref)).mul(1 - b2));
      }
      const share = np.minimum(np.abs(m.ref).div(h.ref.mul(rho * batchSize).add(1e-15)), 1);
      return [np.sign(m.ref).mul(share), { mean: m, curvature: h }];
    },
    estimate: ({ mean }) => mean.ref,
  });
}
