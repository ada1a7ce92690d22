export { captureLayers } from "./captureLayers.ts";
export { type Cnn, cnn } from "./cnn/cnn.ts";
export { type CnnConfig, type FullCnnConfig, resolveCnnConfig } from "./cnn/config.ts";
export { ConfigError } from "./configError.ts";
export { type AnyModel, createModel, modelKind, modelNames } from "./createModel.ts";
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
export { type TokenOrder, tokenOrders } from "./data/windowStarts.ts";
export type { DecoderParams, DecoderTree } from "./decoder/parameters.ts";
export { type GenerateOptions, generate } from "./generate.ts";
export { type FullGptConfig, type GptConfig, resolveGptConfig } from "./gpt/config.ts";
export { type Gpt, gpt } from "./gpt/gpt.ts";
export type { FullGpt2Config, Gpt2Config } from "./gpt2/config.ts";
export { type Gpt2, gpt2 } from "./gpt2/gpt2.ts";
export type { Gpt2Params, Gpt2Tree } from "./gpt2/parameters.ts";
export type {
  ImageBatch,
  ImageModel,
  ImageShape,
  Score,
  ScoreOptions,
  Statistics,
} from "./image/imageModel.ts";
export { type TestTime, testTimeLogits, testTimes } from "./image/testTimeLogits.ts";
export { type WhitenOptions, whiten } from "./image/whiten.ts";
export {
  createImageModel,
  type ImageModelName,
  type ImageSettings,
  imageModelNames,
  imageModelPresets,
  whiteningKernel,
} from "./imagePresets.ts";
export { type Initialization, spectralInitialValue } from "./language/initialValue.ts";
export type { FullLlamaConfig, LlamaConfig } from "./llama/config.ts";
export { type Llama, llama } from "./llama/llama.ts";
export { type Logistic, type LogisticConfig, logistic } from "./logistic/logistic.ts";
export { type Mlp, type MlpConfig, mlp } from "./mlp/mlp.ts";
export type {
  CachedLogits,
  Initialize,
  InitOptions,
  KeyValueCache,
  LanguageModel,
  Model,
  ModelKind,
  TokenBatch,
} from "./model.ts";
export {
  createLanguageModel,
  type LanguageModelName,
  languageModelNames,
  languageModelPresets,
} from "./presets.ts";
export { createProblem, type ProblemName, problemNames, problemPresets } from "./problemPresets.ts";
export { type Landscape, type LandscapeConfig, landscape } from "./problems/landscape.ts";
export { type LeastSquares, type LeastSquaresConfig, leastSquares } from "./problems/leastSquares.ts";
export type { ProblemModel, ProblemParams } from "./problems/problemModel.ts";
export { type Quadratic, type QuadraticConfig, quadratic } from "./problems/quadratic.ts";
export { type Qwen3, type Qwen3Config, qwen3 } from "./qwen3/qwen3.ts";
export { decodeSafetensors } from "./safetensors/decodeSafetensors.ts";
export { encodeSafetensors } from "./safetensors/encodeSafetensors.ts";
export type { HostTensor, HostTensors, TensorType } from "./safetensors/hostTensor.ts";
export { SafetensorsError } from "./safetensors/safetensorsError.ts";
export {
  type SyncTensorSource,
  safetensorsSource,
  type TensorInfo,
  type TensorSource,
  tensorsSource,
} from "./safetensors/tensorSource.ts";
export { rowExtents, StartingRows } from "./startingRows.ts";
export { characterTokenizer } from "./tokenizers/characterTokenizer.ts";
export { gpt2Tokenizer } from "./tokenizers/gpt2Tokenizer.ts";
export { huggingFaceTokenizer } from "./tokenizers/huggingFaceTokenizer.ts";
export { loadTokenizer, tokenizerNames } from "./tokenizers/loadTokenizer.ts";
export type { Tokenizer, TokenizerState } from "./tokenizers/tokenizer.ts";
export { type FullVitConfig, resolveVitConfig, type VitConfig } from "./vit/config.ts";
export { type Vit, vit } from "./vit/vit.ts";
export { checkpointTensors } from "./weights/checkpointTensors.ts";
export { exportWeights } from "./weights/exportWeights.ts";
export {
  type HuggingFaceConfig,
  huggingFaceConfig,
  languageModelFromHuggingFace,
} from "./weights/huggingFaceConfig.ts";
export { importWeights } from "./weights/importWeights.ts";
export { type TableRows, tableRows } from "./weights/tableRows.ts";
export { weightReader } from "./weights/weightReader.ts";
export { WeightsError } from "./weights/weightsError.ts";
