import { numpy as np } from "@jax-js/jax";

import type { StatelessTransform } from "../transform.ts";
import { type Arrays, disposeTree, namedLeaves, unflattenLike } from "../tree.ts";

/** The weights whose product makes the attention logits of one layer, each [heads · d, width]. */
export interface QkPair {
  readonly query: string;
  readonly key: string;
  /** Number of query heads. */
  readonly heads: number;
  /** Number of key heads; fewer where they are shared. Default `heads`. */
  readonly keyHeads?: number;
}

export interface QkClipOptions {
  readonly pairs: readonly QkPair[];
  /** τ: largest logit that is let stand. Default 100. */
  readonly threshold?: number;
}

/**
 * The last stage of any method: heads whose largest attention logit S in this step's batch exceeds τ have their query and key rows
 * scaled by √(τ/S), so that the same batch would give τ.
 *
 * S, [heads] by the path of the query weight, comes in `context.maxLogits`; other heads keep their update bit for bit. Where
 * key heads are shared only the query is scaled, by τ/S. For heads with normalised queries and keys it does nothing useful.
 * Source: Kimi Team 2025, arXiv:2507.20534 (MuonClip).
 */
export function qkClip({ pairs, threshold = 100 }: QkClipOptions): StatelessTransform {
  if (!(threshold > 0)) throw new RangeError(`qkClip: the threshold must be > 0, got ${threshold}`);
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params, context) {
      const done: Arrays = Object.fromEntries(namedLeaves(updates));
      const weights: Arrays = Object.fromEntries(namedLeaves(params));
      const shrink = (path: string, factors: np.Array): void => {
        const [update, weight] = [done[path], weights[path]];
        if (update === undefined || weight === undefined)
          throw new Error(`qkClip: there is no weight "${path}"`);
        done[path] = shrunk(update, weight.ref, factors);
      };
      for (const { query, key, heads, keyHeads = heads } of pairs) {
        const logits = context?.maxLogits?.[query];
        if (logits === undefined)
          throw new Error(`qkClip needs the largest logits of "${query}" in context.maxLogits, [${heads}]`);
        const gamma = np.minimum(np.reciprocal(np.maximum(logits.ref, 1e-30)).mul(threshold), 1);
        if (keyHeads !== heads) shrink(query, gamma);
        else {
          shrink(query, np.sqrt(gamma.ref));
          shrink(key, np.sqrt(gamma));
        }
      }
      disposeTree(params);
      return [unflattenLike(updates, done), state];
    },
  };
}

/** The update to (W + Δ)·factor, Δ itself where the factor of a head is 1. Consumes all three; factors [heads]. */
function shrunk(update: np.Array, weight: np.Array, factors: np.Array): np.Array {
  const [heads = 1] = factors.shape;
  const { shape } = update;
  const perHead = [heads, -1];
  const f = factors.reshape([heads, 1]);
  const u = update.reshape(perHead);
  const w = weight.reshape(perHead);
  const clipped = w.ref.add(u.ref).mul(f.ref).sub(w);
  return np.where(f.less(1), clipped, u).reshape(shape);
}
