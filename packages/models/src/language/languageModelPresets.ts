import type { Gpt2Config } from "./gpt2Config.ts";
import type { GptConfig } from "./gptConfig.ts";
import type { LlamaConfig } from "./llamaConfig.ts";

/** A shape; the vocabulary of the published model, where there is one, gives way to the tokenizer's. */
type Preset<F extends string, C> = { readonly family: F; readonly about: string } & Omit<C, "vocabSize"> & {
    readonly vocabSize?: number;
  };

export type LanguagePreset =
  | Preset<"gpt", GptConfig>
  | Preset<"gpt2", Gpt2Config>
  | Preset<"llama", LlamaConfig>
  | Preset<"qwen3", LlamaConfig>;

/** LLaMA's vocabulary and longest sequence in the files of the GaLore family (and of Conda and Mano). */
const llamaText = {
  family: "llama",
  about: "a LLaMA of the GaLore papers, as Conda and Mano train it",
  vocabSize: 32000,
  context: 1024,
} as const;
/** Qwen3's vocabulary; 1024 is the sequence length of the Mano paper's runs, the published models take 40960. */
const qwen3Text = {
  family: "qwen3",
  about: "Qwen3 as published: grouped queries, normalised queries and keys",
  vocabSize: 151936,
  context: 1024,
} as const;
/** Scion's nanoGPT: heads of 128, shared table, (√2 relu)². Pethick et al. 2025, arXiv:2502.07529. */
const nanoGpt = {
  family: "gpt",
  about: "a GPT of the size of nanoGPT's speedrun, with Scion's scaled activations",
  vocabSize: 50304,
  context: 1024,
  tiedHead: true,
  activationScale: true,
} as const;

/** Named shapes. The vocabulary of the first four comes with the tokenizer. */
export const languageModelPresets = {
  tiny: {
    about: "the default: a GPT for characters, half a minute of training on two cores",
    family: "gpt",
    context: 64,
    width: 64,
    depth: 2,
    heads: 4,
  },
  "char-1m": {
    about: "a GPT for characters",
    family: "gpt",
    context: 128,
    width: 128,
    depth: 4,
    heads: 4,
  },
  "char-3m": {
    about: "a GPT for characters",
    family: "gpt",
    context: 256,
    width: 256,
    depth: 4,
    heads: 8,
  },
  "nano-char": {
    about: "a GPT of the size of nanoGPT's character model (Karpathy 2022)",
    family: "gpt",
    context: 256,
    width: 384,
    depth: 6,
    heads: 6,
  },
  "nanogpt-124m": { ...nanoGpt, width: 768, depth: 12, heads: 6 },
  "nanogpt-3b": {
    ...nanoGpt,
    about: "the same at 3B; width and depth of the authors' run are not in their script, these are ours",
    width: 2560,
    depth: 36,
    heads: 20,
  },
  "gpt2-124m": {
    about: "GPT-2 small (Radford et al. 2019); its checkpoint is openai-community/gpt2",
    family: "gpt2",
    vocabSize: 50257,
    context: 1024,
    width: 768,
    depth: 12,
    heads: 12,
  },
  "llama-60m": { ...llamaText, width: 512, hiddenWidth: 1376, depth: 8, heads: 8 },
  "llama-130m": { ...llamaText, width: 768, hiddenWidth: 2048, depth: 12, heads: 12 },
  "llama-350m": { ...llamaText, width: 1024, hiddenWidth: 2736, depth: 24, heads: 16 },
  "llama-1.3b": { ...llamaText, width: 2048, hiddenWidth: 5461, depth: 24, heads: 32 },
  "llama-3b": { ...llamaText, width: 2560, hiddenWidth: 6848, depth: 32, heads: 32 },
  "qwen3-0.6b": { ...qwen3Text, width: 1024, hiddenWidth: 3072, depth: 28, heads: 16, kvHeads: 8 },
  "qwen3-1.7b": { ...qwen3Text, width: 2048, hiddenWidth: 6144, depth: 28, heads: 16, kvHeads: 8 },
} as const satisfies Record<string, LanguagePreset>;

export type LanguageModelName = keyof typeof languageModelPresets;

export const languageModelNames = Object.keys(languageModelPresets) as readonly LanguageModelName[];

/** The settings of all families; which of them a model has, its family checks. */
export type LanguageModelSettings = Partial<GptConfig & Gpt2Config & LlamaConfig>;
