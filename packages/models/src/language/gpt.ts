import type { LanguageModel } from "../model/model.ts";
import { decoder } from "./decoder.ts";
import type { DecoderParams } from "./decoderTree.ts";
import { type FullGptConfig, type GptConfig, resolveGptConfig } from "./gptConfig.ts";
import { gptInitialValue } from "./gptInitialValue.ts";

export interface Gpt extends LanguageModel<DecoderParams> {
  readonly config: FullGptConfig;
}

/**
 * A decoder-only transformer without biases: pre-norm blocks of causal attention (rotary positions,
 * normalised queries and keys) and a feed-forward layer, a last RMSNorm, a linear head.
 *
 *   x ← x + attention(norm(x))     x ← x + feedForward(norm(x))     logits = head · norm(x)
 *
 * The defaults are those of nanoGPT's speedrun (Jordan et al. 2024, `modded-nanogpt`). It is not GPT-2 (see
 * `gpt2`: learned positions, LayerNorm, biases), and differs from the speedrun by attention scores divided by
 * √headDim. Norms have eps = 1e-6.
 *
 * Throws `ConfigError` when the configuration cannot work.
 *
 * ```ts
 * const model = gpt({ vocabSize: 89, context: 64, width: 64, depth: 2, heads: 4 });
 * const params = model.init(random.key(0));
 * const loss = model.loss(params, { tokens, targets });
 * ```
 */
export function gpt(config: GptConfig): Gpt {
  const full = resolveGptConfig(config);
  const { initialization: _, ...settings } = full;
  const shape = { ...settings, kvHeads: full.heads, headDim: full.width / full.heads, normEps: 1e-6 };
  return decoder("gpt", full, shape, gptInitialValue(full));
}
