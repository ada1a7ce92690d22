import { jit, numpy as np } from "@jax-js/jax";
import { disposeTree, refTree, type Tree } from "steepest";
import { DataError } from "../data/dataError.ts";
import type { CachedLogits, KeyValueCache, LanguageModel } from "../model/model.ts";
import { expectSampling, sampleToken } from "./sampleToken.ts";

export interface GenerateOptions {
  /** How many tokens to add. */
  readonly tokens: number;
  /** Logits are divided by this; 0 always takes the likeliest token. Default 1. */
  readonly temperature?: number;
  /** Sample among this many likeliest tokens only. Default: all. */
  readonly topK?: number;
  /** Sample among the fewest likeliest tokens that together have this probability, in (0, 1]. Default 1: all. */
  readonly topP?: number;
  /**
   * Only ids below this are drawn: the `vocabSize` of the tokenizer, where the model's table has more rows (GPT-2's 50257
   * padded to 50304). Default: all.
   */
  readonly knownTokens?: number;
  /** Same seed, same text. Default 0. */
  readonly seed?: number;
  /** Called with every new token as it is drawn. */
  readonly onToken?: (token: number) => void;
  /** When aborted, no further token is drawn and the promise rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * A window costs about as much as this share of its length in single tokens (nano-char and GPT-2, jax-js on WebAssembly),
 * so that a shorter text is read faster token by token.
 */
const SHORT = 1 / 8;

/** Milliseconds after which signals, timers and a page's events get their turn: tokens alone leave them none. */
const TURN = 50;

/**
 * Continues a prompt: the new tokens, without the prompt. Consumes the parameters.
 *
 * At most two functions are compiled, once each: one reads a window of the whole context and keeps keys and values of
 * all layers (`prefill`), one adds a token to them (`decode`); a prompt shorter than an eighth of the context is read by
 * the second. The tokens are those of the model run anew on the whole window for every token.
 *
 * Text longer than the context: the window is the last `context` tokens of the prompt. When it is full and one more
 * token is to be added, it starts again at the last ⌊context / 2⌋ tokens (at least one), which are read anew, since
 * positions count from the start of the window and a value in the cache depends on all tokens before it. A new token
 * so sees between half and all of the context, and one in context / 2 costs a whole window.
 *
 * Throws `DataError` for an empty prompt or one with ids outside the vocabulary, `RangeError` for a temperature,
 * topK, topP or knownTokens out of range and for logits that are not finite, and the reason of `signal` once aborted.
 */
export async function generate(
  model: LanguageModel,
  params: Tree,
  prompt: ArrayLike<number>,
  {
    tokens: count,
    temperature = 1,
    topK = model.vocabSize,
    topP = 1,
    knownTokens,
    seed = 0,
    onToken,
    signal,
  }: GenerateOptions,
): Promise<Int32Array> {
  const { context } = model;
  const prefill = jit((p: Tree, window: np.Array, length: np.Array) => model.prefill(p, window, length));
  const decode = jit((p: Tree, token: np.Array, position: np.Array, old: KeyValueCache) =>
    model.decode(p, token, position, old),
  );
  const add = (token: number, position: number, old: KeyValueCache): CachedLogits =>
    decode(refTree(params), int32([token], [1]), int32([position], []), old);
  const read = (text: readonly number[]): CachedLogits => {
    if (text.length > SHORT * context) {
      const window = Int32Array.from({ length: context }, (_, t) => text[t] ?? 0);
      return prefill(refTree(params), int32(window, [1, context]), int32([text.length], []));
    }
    return text.slice(1).reduce(
      ({ logits, cache }, token, i) => {
        logits.dispose();
        return add(token, i + 1, cache);
      },
      add(text[0] ?? 0, 0, emptyCache(model)),
    );
  };
  let cache: KeyValueCache | undefined;
  try {
    expectPrompt(prompt, model.vocabSize);
    expectSampling({ temperature, topK, topP });
    if (knownTokens !== undefined && !(Number.isInteger(knownTokens) && knownTokens >= 1)) {
      throw new RangeError(`knownTokens must be a positive integer; got ${knownTokens}`);
    }
    const text = Array.from(prompt);
    let start = Math.max(0, text.length - context);
    let turn = performance.now();
    for (let i = 0; i < count; i++) {
      if (performance.now() - turn > TURN) {
        await new Promise((resolve) => setTimeout(resolve));
        turn = performance.now();
      }
      signal?.throwIfAborted();
      let next: CachedLogits;
      if (cache !== undefined && text.length - start <= context) {
        const old: KeyValueCache = cache;
        cache = undefined; // consumed
        next = add(text.at(-1) ?? 0, text.length - 1 - start, old);
      } else {
        if (cache !== undefined) {
          disposeTree(cache);
          cache = undefined;
          start = text.length - Math.max(1, Math.floor(context / 2));
        }
        next = read(text.slice(start));
      }
      cache = next.cache;
      const logits = (await next.logits.data()).subarray(0, knownTokens);
      const token = sampleToken(logits, { temperature, topK, topP, seed, index: i });
      text.push(token);
      onToken?.(token);
    }
    return Int32Array.from(text.slice(prompt.length));
  } finally {
    if (cache !== undefined) disposeTree(cache);
    prefill.dispose();
    decode.dispose();
    disposeTree(params);
  }
}

/** Of a text of no tokens: no row is read before it is written. */
function emptyCache({ cacheShape: [layers, kvHeads, context, headDim] }: LanguageModel): KeyValueCache {
  const rows = (): np.Array[] => Array.from({ length: layers }, () => np.zeros([kvHeads, context, headDim]));
  return { keys: rows(), values: rows() };
}

const int32 = (values: ArrayLike<number>, shape: number[]): np.Array =>
  np.array(Int32Array.from(values), { shape, dtype: np.int32 });

function expectPrompt(prompt: ArrayLike<number>, vocabSize: number): void {
  if (prompt.length === 0) {
    throw new DataError("empty", "the prompt is empty: give at least one token to continue");
  }
  for (let i = 0; i < prompt.length; i++) {
    const id = prompt[i];
    if (!(id !== undefined && Number.isInteger(id) && id >= 0 && id < vocabSize)) {
      throw new DataError("unknownToken", `prompt token ${id} at ${i} is not in 0 … ${vocabSize - 1}`);
    }
  }
}
