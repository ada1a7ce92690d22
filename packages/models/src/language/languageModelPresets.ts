import type { Gpt2Config } from "./gpt2Config.ts";
import type { GptConfig } from "./gptConfig.ts";
import type { LlamaConfig } from "./llamaConfig.ts";

/** A shape; the vocabulary of the published model, where there is one, gives way to the tokenizer's. */
type Preset<F extends string, C> = { readonly family: F } & Omit<C, "vocabSize"> & {
    readonly vocabSize?: number;
  };

export type LanguagePreset =
  | Preset<"gpt", GptConfig>
  | Preset<"gpt2", Gpt2Config>
  | Preset<"llama", LlamaConfig>
  | Preset<"qwen3", LlamaConfig>;

/** LLaMA's vocabulary and longest sequence in the files of the GaLore family (and of Conda and Mano). */
const llamaText = { family: "llama", vocabSize: 32000, context: 1024 } as const;
/** Qwen3's vocabulary; 1024 is the sequence length of the Mano paper's runs, the published models take 40960. */
const qwen3Text = { family: "qwen3", vocabSize: 151936, context: 1024 } as const;
/** Scion's nanoGPT: heads of 128, shared table, (√2 relu)². Pethick et al. 2025, arXiv:2502.07529. */
const nanoGpt = {
  family: "gpt",
  vocabSize: 50304,
  context: 1024,
  tiedHead: true,
  activationScale: true,
} as const;

/** Named shapes. Parameter counts of the first four, whose vocabulary comes with the tokenizer, are with 89 characters. */
export const languageModelPresets = {
  /**
   * The default job, 0.11M parameters: 58 ms for loss and gradients of 16 sequences on one core, and a
   * validation loss of about 2.0 nats a character on Moby Dick after 400 such steps.
   */
  tiny: { family: "gpt", context: 64, width: 64, depth: 2, heads: 4 },
  /** 0.8M parameters. */
  "char-1m": { family: "gpt", context: 128, width: 128, depth: 4, heads: 4 },
  /** 3.2M parameters. */
  "char-3m": { family: "gpt", context: 256, width: 256, depth: 4, heads: 8 },
  /** The character model of nanoGPT (Karpathy 2022), 10.7M parameters. */
  "nano-char": { family: "gpt", context: 256, width: 384, depth: 6, heads: 6 },
  /** 124M parameters. */
  "nanogpt-124m": { ...nanoGpt, width: 768, depth: 12, heads: 6 },
  /** 2.96B parameters. Width and depth of the authors' 3B run are not in their script; these are ours. */
  "nanogpt-3b": { ...nanoGpt, width: 2560, depth: 36, heads: 20 },
  /** GPT-2 small (Radford et al. 2019), 124M parameters; its checkpoint is openai-community/gpt2. */
  "gpt2-124m": { family: "gpt2", vocabSize: 50257, context: 1024, width: 768, depth: 12, heads: 12 },
  /** 58M parameters. */
  "llama-60m": { ...llamaText, width: 512, hiddenWidth: 1376, depth: 8, heads: 8 },
  /** 134M parameters. */
  "llama-130m": { ...llamaText, width: 768, hiddenWidth: 2048, depth: 12, heads: 12 },
  /** 368M parameters. */
  "llama-350m": { ...llamaText, width: 1024, hiddenWidth: 2736, depth: 24, heads: 16 },
  /** 1.34B parameters. */
  "llama-1.3b": { ...llamaText, width: 2048, hiddenWidth: 5461, depth: 24, heads: 32 },
  /** 2.7B parameters. */
  "llama-3b": { ...llamaText, width: 2560, hiddenWidth: 6848, depth: 32, heads: 32 },
  /** 596M parameters. */
  "qwen3-0.6b": { ...qwen3Text, width: 1024, hiddenWidth: 3072, depth: 28, heads: 16, kvHeads: 8 },
  /** 1.72B parameters. */
  "qwen3-1.7b": { ...qwen3Text, width: 2048, hiddenWidth: 6144, depth: 28, heads: 16, kvHeads: 8 },
} as const satisfies Record<string, LanguagePreset>;

export type LanguageModelName = keyof typeof languageModelPresets;

export const languageModelNames = Object.keys(languageModelPresets) as readonly LanguageModelName[];

/** The settings of all families; which of them a model has, its family checks. */
export type LanguageModelSettings = Partial<GptConfig & Gpt2Config & LlamaConfig>;
