import type { LanguageModel } from "../model/model.ts";
import { decoder } from "./decoder.ts";
import type { DecoderParams } from "./decoderTree.ts";
import { type FullLlamaConfig, type LlamaConfig, resolveLlamaConfig } from "./llamaConfig.ts";
import { llamaInitialValue } from "./llamaInitialValue.ts";

export interface Llama extends LanguageModel<DecoderParams> {
  readonly config: FullLlamaConfig;
}

/**
 * LLaMA (Touvron et al. 2023, arXiv:2302.13971; grouped queries as in LLaMA 2): pre-norm blocks of causal
 * attention with rotary positions and a SiLU-gated feed-forward layer, RMSNorm with gain, no biases.
 *
 *   x ← x + out · attention(norm(x))     x ← x + down · (silu(gate · y) ⊙ up · y), y = norm(x)
 *
 * Rotary embedding and names of the weights are those of Hugging Face's checkpoints (`importWeights`).
 * Throws `ConfigError` when the configuration cannot work.
 */
export function llama(config: LlamaConfig): Llama {
  const full = resolveLlamaConfig(config, {
    family: "llama",
    headDim: (width, heads) => width / heads,
    hiddenWidth: (width) => Math.ceil(width / 3) * 8,
    tiedHead: false,
    rotaryBase: 10000,
  });
  const { initialization: _, ...settings } = full;
  const shape = { ...settings, activation: "swiglu", queryKeyNorm: false, normGain: true } as const;
  return decoder("llama", full, shape, llamaInitialValue(full));
}
