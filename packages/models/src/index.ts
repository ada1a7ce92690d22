export { ConfigError } from "./configError.ts";
export { type FullGptConfig, type GptConfig, resolveGptConfig } from "./gpt/config.ts";
export { type Gpt, gpt } from "./gpt/gpt.ts";
export type { GptParams, GptTree } from "./gpt/parameters.ts";
export type { Initialize, InitOptions, LanguageModel, Model, TokenBatch } from "./model.ts";
