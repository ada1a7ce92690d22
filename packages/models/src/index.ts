export { checkpointTensors } from "./checkpoint/checkpointTensors.ts";
export { decodeSafetensors } from "./checkpoint/decodeSafetensors.ts";
export { decodeState } from "./checkpoint/decodeState.ts";
export { encodeSafetensors } from "./checkpoint/encodeSafetensors.ts";
export { encodeState } from "./checkpoint/encodeState.ts";
export { exportWeights } from "./checkpoint/exportWeights.ts";
export type { HostTensor, HostTensors, TensorType } from "./checkpoint/hostTensor.ts";
export {
  type HuggingFaceConfig,
  huggingFaceConfig,
  languageModelFromHuggingFace,
} from "./checkpoint/huggingFaceConfig.ts";
export { importWeights } from "./checkpoint/importWeights.ts";
export { SafetensorsError } from "./checkpoint/safetensorsError.ts";
export { StateError } from "./checkpoint/stateError.ts";
export { type TableRows, tableRows } from "./checkpoint/tableRows.ts";
export {
  type SyncTensorSource,
  safetensorsSource,
  type TensorInfo,
  type TensorSource,
  tensorsSource,
} from "./checkpoint/tensorSource.ts";
export { toArray } from "./checkpoint/toArray.ts";
export { toHostTensor } from "./checkpoint/toHostTensor.ts";
export { weightReader } from "./checkpoint/weightReader.ts";
export { WeightsError } from "./checkpoint/weightsError.ts";
export { type AnyModel, createModel, modelKind } from "./createModel.ts";
export { DataError, type DataProblem } from "./data/dataError.ts";
export type { Augmentation } from "./data/images/augmentation.ts";
export {
  type ImageDataset,
  type ImageDatasetOptions,
  type ImageRows,
  imageDataset,
  toImageBatch,
} from "./data/images/imageDataset.ts";
export type { ImageSplit } from "./data/images/imageSplit.ts";
export type { LoadedImages } from "./data/images/loadedImages.ts";
export type { Normalisation } from "./data/images/pixelNormalisation.ts";
export type { LoadedData } from "./data/named/loadedData.ts";
export { prefetch } from "./data/prefetch.ts";
export type { LoadedText } from "./data/text/loadedText.ts";
export { characterTokenizer } from "./data/tokenizers/characterTokenizer.ts";
export { gpt2Tokenizer } from "./data/tokenizers/gpt2Tokenizer.ts";
export { huggingFaceTokenizer } from "./data/tokenizers/huggingFaceTokenizer.ts";
export { loadTokenizer, tokenizerNames } from "./data/tokenizers/loadTokenizer.ts";
export type { Tokenizer, TokenizerState } from "./data/tokenizers/tokenizer.ts";
export type { LoadedTokens } from "./data/tokens/loadedTokens.ts";
export { type TextDataset, type TextDatasetOptions, textDataset } from "./data/tokens/textDataset.ts";
export {
  type TokenBatches,
  type TokenDatasetOptions,
  type TokenWindows,
  tokenDataset,
  toTokenBatch,
} from "./data/tokens/tokenDataset.ts";
export { type TokenSource, tokenRange, tokensInMemory } from "./data/tokens/tokenSource.ts";
export { type TokenOrder, tokenOrders } from "./data/tokens/windowStarts.ts";
export { describeModel, type ModelDescription, type PresetSetting } from "./describeModel.ts";
export { type Cnn, cnn } from "./image/cnn.ts";
export { type CnnConfig, type FullCnnConfig, resolveCnnConfig } from "./image/cnnConfig.ts";
export { createImageModel, whiteningKernel } from "./image/createImageModel.ts";
export type {
  ImageBatch,
  ImageModel,
  ImageShape,
  Score,
  ScoreOptions,
  Statistics,
} from "./image/imageModel.ts";
export {
  type ImageModelName,
  type ImageSettings,
  imageModelNames,
  imageModelPresets,
} from "./image/imageModelPresets.ts";
export { type Logistic, type LogisticConfig, logistic } from "./image/logistic.ts";
export { type Mlp, type MlpConfig, mlp } from "./image/mlp.ts";
export { type TestTime, testTimes } from "./image/testTime.ts";
export { testTimeLogits } from "./image/testTimeLogits.ts";
export { type Vit, vit } from "./image/vit.ts";
export { type FullVitConfig, resolveVitConfig, type VitConfig } from "./image/vitConfig.ts";
export { type WhitenOptions, whiten } from "./image/whiten.ts";
export { createLanguageModel } from "./language/createLanguageModel.ts";
export type { DecoderParams, DecoderTree } from "./language/decoderTree.ts";
export { type GenerateOptions, generate } from "./language/generate.ts";
export { type Gpt, gpt } from "./language/gpt.ts";
export { type Gpt2, gpt2 } from "./language/gpt2.ts";
export type { FullGpt2Config, Gpt2Config } from "./language/gpt2Config.ts";
export type { Gpt2Params, Gpt2Tree } from "./language/gpt2Tree.ts";
export { type FullGptConfig, type GptConfig, resolveGptConfig } from "./language/gptConfig.ts";
export { type Initialization, spectralInitialValue } from "./language/initialValue.ts";
export {
  type LanguageModelName,
  languageModelNames,
  languageModelPresets,
} from "./language/languageModelPresets.ts";
export { type Llama, llama } from "./language/llama.ts";
export type { FullLlamaConfig, LlamaConfig } from "./language/llamaConfig.ts";
export { type Qwen3, type Qwen3Config, qwen3 } from "./language/qwen3.ts";
export { captureLayers } from "./layers/captureLayers.ts";
export { type LinearWatcher, watchLinear } from "./layers/linear.ts";
export { ConfigError } from "./model/configError.ts";
export type {
  CachedLogits,
  Initialize,
  InitOptions,
  KeyValueCache,
  LanguageModel,
  Model,
  ModelKind,
  TokenBatch,
} from "./model/model.ts";
export { rowExtents, StartingRows } from "./model/startingRows.ts";
export { modelNames } from "./modelNames.ts";
export { createProblem } from "./problems/createProblem.ts";
export { isLandscape, type Landscape, type LandscapeConfig, landscape } from "./problems/landscape.ts";
export { type LeastSquares, type LeastSquaresConfig, leastSquares } from "./problems/leastSquares.ts";
export type { ProblemModel, ProblemParams } from "./problems/problemModel.ts";
export { type ProblemName, problemNames, problemPresets } from "./problems/problemPresets.ts";
export { type Quadratic, type QuadraticConfig, quadratic } from "./problems/quadratic.ts";
export { counterRandom } from "./random/counterRandom.ts";
