import { jit, numpy as np } from "@jax-js/jax";
import { disposeTree, refTree, type Tree } from "steepest";
import { DataError } from "./data/dataError.ts";
import type { LanguageModel } from "./model.ts";
import { sampleToken } from "./sampleToken.ts";

export interface GenerateOptions {
  /** How many tokens to add. */
  readonly tokens: number;
  /** Logits are divided by this; 0 always takes the likeliest token. Default 1. */
  readonly temperature?: number;
  /** Sample among this many likeliest tokens only. Default: all. */
  readonly topK?: number;
  /** Same seed, same text. Default 0. */
  readonly seed?: number;
}

/**
 * Continues a prompt: the new tokens, without the prompt. Consumes the parameters.
 *
 * Every window has the model's full context, so that `jit` compiles once: while the text is shorter it is
 * padded on the right, which causal attention cannot see, and later the window holds its last `context`
 * tokens. Every token costs a whole forward pass; there is no key/value cache.
 *
 * Throws `DataError` for an empty prompt or one with ids outside the vocabulary.
 */
export async function generate(
  model: LanguageModel,
  params: Tree,
  prompt: ArrayLike<number>,
  { tokens: count, temperature = 1, topK = model.vocabSize, seed = 0 }: GenerateOptions,
): Promise<Int32Array> {
  const logitsOf = jit((p: Tree, tokens: np.Array) => model.apply(p, tokens));
  try {
    expectPrompt(prompt, model.vocabSize);
    const { context, vocabSize } = model;
    const text = Array.from(prompt);
    for (let i = 0; i < count; i++) {
      const seen = text.slice(-context);
      const window = new Int32Array(context);
      window.set(seen);
      const tokens = np.array(window, { shape: [1, context], dtype: np.int32 });
      const logits = await logitsOf(refTree(params), tokens).data();
      const row = logits.subarray((seen.length - 1) * vocabSize, seen.length * vocabSize);
      text.push(sampleToken(row, { temperature, topK, seed, index: i }));
    }
    return Int32Array.from(text.slice(prompt.length));
  } finally {
    logitsOf.dispose();
    disposeTree(params);
  }
}

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
