import { random } from "@jax-js/jax";
import {
  characterTokenizer,
  createLanguageModel,
  type LanguageModel,
  type TextDataset,
  type TokenBatch,
  type Tokenizer,
  textDataset,
  toTokenBatch,
} from "@steepest/models";
import { createOptimizer, type Optimizer, type Tree } from "steepest";
import { sizes, type TrainSettings } from "./trainSettings.ts";

/** All that a training needs besides something that computes. */
export interface Task {
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  readonly data: TextDataset;
  readonly optimizer: Optimizer;
  readonly tokensPerStep: number;
  /** The weights at the start: those of the model for its seed, whatever the optimizer would choose. */
  start(): Tree;
  batch(step: number): TokenBatch;
}

/** Model, data and optimizer of settings. Throws `DataError` for a text that is too short. */
export function createTask({ optimizer, size, seed, text }: TrainSettings): Task {
  const { batch, ...shape } = sizes[size];
  const tokenizer = characterTokenizer(text);
  const model = createLanguageModel("tiny", { ...shape, vocabSize: tokenizer.vocabSize });
  const data = textDataset({ text, tokenizer, context: shape.context, batchSize: batch, seed });
  return {
    model,
    tokenizer,
    data,
    optimizer: createOptimizer<string>(optimizer),
    tokensPerStep: batch * shape.context,
    start: () => model.init(random.key(seed)),
    batch: (step) => toTokenBatch(data.trainBatch(step)),
  };
}
