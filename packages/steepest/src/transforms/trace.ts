import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { Transform } from "../core/transform.ts";
import { disposeTree, mapLeaves, refTree, type Tree } from "../core/tree.ts";
import { firstStep, nextCount, zeroCount } from "./count.ts";

export interface TraceOptions {
  /** Emit update + μ·sum instead of the sum. Default false. */
  nesterov?: boolean;
  /** τ: every update but the first is weighed by 1 − τ, as in torch.optim.SGD. Default 0. */
  dampening?: number;
}

export type TraceState = { sum: Tree };
export type DampenedTraceState = TraceState & { count: np.Array };

/**
 * Heavy-ball momentum: sum ← μ·sum + update, from zero (Polyak 1964). μ in [0, 1) weighs the past.
 *
 * Nesterov's form as in Sutskever et al. 2013: emits update + μ·sum, with the sum already updated.
 */
export function trace(
  momentum: number,
  options: TraceOptions = {},
): Transform<TraceState | DampenedTraceState> {
  const { nesterov = false, dampening = 0 } = options;
  expectNumbers("trace", { momentum }, "[0, 1)");
  expectNumbers("trace", { dampening }, "[0, 1]");
  const zeros = (params: Tree): Tree => mapLeaves((p) => np.zerosLike(p), params);
  return {
    init: (params) => (dampening === 0 ? { sum: zeros(params) } : { sum: zeros(params), count: zeroCount() }),
    update(updates, state, params) {
      disposeTree(params);
      const kept = nesterov ? refTree(updates) : undefined;
      let sum: Tree;
      let next: TraceState | DampenedTraceState;
      if ("count" in state) {
        const weight = np.where(firstStep(state.count.ref), 1, 1 - dampening);
        sum = mapLeaves((u, s) => s.mul(momentum).add(u.mul(weight.ref)), updates, state.sum);
        weight.dispose();
        next = { sum, count: nextCount(state.count) };
      } else {
        sum = mapLeaves((u, s) => s.mul(momentum).add(u), updates, state.sum);
        next = { sum };
      }
      if (kept === undefined) return [refTree(sum), next];
      return [mapLeaves((u, s) => u.add(s.mul(momentum)), kept, refTree(sum)), next];
    },
    estimate({ sum }) {
      if (!(dampening < 1))
        throw new RangeError(
          `trace: with dampening ${dampening} no gradient after the first one enters the sum, so it holds no average of them`,
        );
      return mapLeaves((s) => s.mul((1 - momentum) / (1 - dampening)), refTree(sum));
    },
  };
}
