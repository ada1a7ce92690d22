export { ConfigError } from "./configError.ts";
export type { Augmentation } from "./data/augmentation.ts";
export { counterRandom } from "./data/counterRandom.ts";
export { DataError, type DataProblem } from "./data/dataError.ts";
export {
  type ImageDataset,
  type ImageDatasetOptions,
  type ImageRows,
  imageDataset,
  toImageBatch,
} from "./data/imageDataset.ts";
export type { ImageSplit } from "./data/imageSplit.ts";
export type { LoadedData, LoadedImages, LoadedText, LoadedTokens } from "./data/loadedData.ts";
export type { Normalisation } from "./data/pixelNormalisation.ts";
export { prefetch } from "./data/prefetch.ts";
export { type TextDataset, type TextDatasetOptions, textDataset } from "./data/textDataset.ts";
export {
  type TokenBatches,
  type TokenDatasetOptions,
  type TokenWindows,
  tokenDataset,
  toTokenBatch,
} from "./data/tokenDataset.ts";
export { type TokenSource, tokenRange, tokensInMemory } from "./data/tokenSource.ts";
export { type GenerateOptions, generate } from "./generate.ts";
export { type FullGptConfig, type GptConfig, resolveGptConfig } from "./gpt/config.ts";
export { type Gpt, gpt } from "./gpt/gpt.ts";
export type { GptParams, GptTree } from "./gpt/parameters.ts";
export type { Initialize, InitOptions, LanguageModel, Model, ModelKind, TokenBatch } from "./model.ts";
export {
  createLanguageModel,
  type LanguageModelName,
  languageModelNames,
  languageModelPresets,
} from "./presets.ts";
export { characterTokenizer } from "./tokenizers/characterTokenizer.ts";
export { gpt2Tokenizer } from "./tokenizers/gpt2Tokenizer.ts";
export { loadTokenizer, tokenizerNames } from "./tokenizers/loadTokenizer.ts";
export type { Tokenizer, TokenizerState } from "./tokenizers/tokenizer.ts";
