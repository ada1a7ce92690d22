import type { LanguageModel } from "../model/model.ts";
import { decoder } from "./decoder.ts";
import type { DecoderParams } from "./decoderTree.ts";
import { type FullLlamaConfig, type LlamaConfig, resolveLlamaConfig } from "./llamaConfig.ts";
import { llamaInitialValue } from "./llamaInitialValue.ts";

/** The settings of a `llama`; other defaults. */
export type Qwen3Config = LlamaConfig;

export interface Qwen3 extends LanguageModel<DecoderParams> {
  readonly config: FullLlamaConfig;
}

/**
 * Qwen3, dense (Yang et al. 2025, arXiv:2505.09388): LLaMA with grouped queries, an RMSNorm with gain on each
 * head's query and key before the rotation, heads of 128 whatever the width, a tied head (0.6B and 1.7B), rotary
 * base 1e6 and eps 1e-6. Checkpoints of Hugging Face load (`importWeights`).
 *
 * Throws `ConfigError` when the configuration cannot work.
 */
export function qwen3(config: Qwen3Config): Qwen3 {
  const full = resolveLlamaConfig(config, {
    family: "qwen3",
    headDim: () => 128,
    hiddenWidth: (width) => 3 * width,
    tiedHead: true,
    rotaryBase: 1e6,
  });
  const { initialization: _, ...settings } = full;
  const shape = { ...settings, activation: "swiglu", queryKeyNorm: true, normGain: true } as const;
  return decoder("qwen3", full, shape, llamaInitialValue(full));
}
