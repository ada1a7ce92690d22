import { numpy as np } from "@jax-js/jax";
import { expectNumbers, expectWhole } from "../../core/expectNumbers.ts";

import type { StatelessTransform } from "../../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, unflattenLike } from "../../core/tree.ts";

/** The weights whose product makes the attention logits of one layer, each [heads · d, width]. */
export interface QkPair {
  readonly query: string;
  readonly key: string;
  /** Number of query heads. */
  readonly heads: number;
  /** Number of key heads; fewer where they are shared. Default `heads`. */
  readonly keyHeads?: number;
  /**
   * Multi-head latent attention: the last rows of every query head that are rotary. Their key is shared by all heads and has
   * a weight of its own, which is left alone. Default 0.
   */
  readonly rotaryRows?: number;
  /** The first rows of every key head that make keys, where the weight holds values too. Default all. */
  readonly keyRows?: number;
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
 * key heads are shared only the query is scaled, by τ/S, and so are rotary query rows whose key is shared. For heads with normalised queries and keys it does nothing useful.
 * Source: Kimi Team 2025, arXiv:2507.20534 (MuonClip).
 */
export function qkClip({ pairs, threshold = 100 }: QkClipOptions): StatelessTransform {
  expectNumbers("qkClip", { threshold }, "> 0");
  for (const { heads, keyHeads = heads, rotaryRows = 0, keyRows = 0 } of pairs) {
    expectWhole("qkClip", { heads, keyHeads }, 1);
    expectWhole("qkClip", { rotaryRows, keyRows }, 0);
  }
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params, context) {
      const done: Arrays = Object.fromEntries(namedLeaves(updates));
      const weights: Arrays = Object.fromEntries(namedLeaves(params));
      const shrink = (path: string, factors: HeadFactors): void => {
        const [update, weight] = [done[path], weights[path]];
        if (update === undefined || weight === undefined)
          throw new Error(`qkClip: there is no weight "${path}"`);
        const [rows = 1] = update.shape;
        const [heads = 1] = factors.first.shape;
        if (rows % heads !== 0)
          throw new Error(`qkClip: the ${rows} rows of "${path}" are not ${heads} heads of equal height`);
        done[path] = shrunk(update, weight.ref, rowFactors(factors, rows / heads));
      };
      for (const { query, key, heads, keyHeads = heads, rotaryRows = 0, keyRows } of pairs) {
        const logits = context?.maxLogits?.[query];
        if (logits === undefined)
          throw new Error(`qkClip needs the largest logits of "${query}" in context.maxLogits, [${heads}]`);
        const gamma = np.minimum(np.reciprocal(np.maximum(logits.ref, 1e-30)).mul(threshold), 1);
        if (keyHeads !== heads) shrink(query, { first: gamma });
        else {
          const root = np.sqrt(gamma.ref);
          shrink(query, { first: root.ref, last: { rows: rotaryRows, factor: gamma } });
          shrink(key, { first: root, ...(keyRows === undefined ? {} : { only: keyRows }) });
        }
      }
      disposeTree(params);
      return [unflattenLike(updates, done), state];
    },
  };
}

/** What the rows of every head are multiplied by; factors [heads]. */
interface HeadFactors {
  readonly first: np.Array;
  /** Another factor for the last rows. */
  readonly last?: { readonly rows: number; readonly factor: np.Array };
  /** Only so many rows; the others stay. */
  readonly only?: number;
}

/** The factor of every row, [heads, height, 1]. Consumes the factors. */
function rowFactors({ first, last, only }: HeadFactors, height: number): np.Array {
  const [heads = 1] = first.shape;
  const column = (factor: np.Array, rows: number): np.Array =>
    np.broadcastTo(factor.reshape([heads, 1, 1]), [heads, rows, 1]);
  const rows = last?.rows ?? height - (only ?? height);
  if (!(Number.isInteger(rows) && rows >= 0 && rows <= height))
    throw new RangeError(`qkClip: a head has ${height} rows, which do not split at ${only ?? rows}`);
  const other = last?.factor ?? np.onesLike(first.ref);
  if (rows === 0) {
    other.dispose();
    return column(first, height);
  }
  return np.concatenate([column(first, height - rows), column(other, rows)], 1);
}

/** The update to (W + Δ)·factor, Δ itself where the factor of a row is 1. Consumes all three; factors [heads, height, 1]. */
function shrunk(update: np.Array, weight: np.Array, factors: np.Array): np.Array {
  const { shape } = update;
  const [heads = 1, height = 1] = factors.shape;
  const perRow = [heads, height, -1];
  const u = update.reshape(perRow);
  const w = weight.reshape(perRow);
  const clipped = w.ref.add(u.ref).mul(factors.ref).sub(w);
  return np.where(factors.less(1), clipped, u).reshape(shape);
}
