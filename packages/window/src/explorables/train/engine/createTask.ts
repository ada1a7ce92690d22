import { random } from "@jax-js/jax";
import {
  characterTokenizer,
  createImageModel,
  createLanguageModel,
  type ImageBatch,
  imageDataset,
  type TokenBatch,
  textDataset,
  toImageBatch,
  toTokenBatch,
} from "@steepest/models";
import { createOptimizer, type Tree } from "steepest";
import { CLASSES, testDigits, trainingDigits } from "../digits/digitImages.ts";
import { SIDE } from "../digits/drawDigit.ts";
import type { DigitsTask, Task, TextTask } from "./task.ts";
import { digitSizes, sizes, type TrainSettings } from "./trainSettings.ts";

/** Model, data and optimizer of settings. Throws `DataError` for a text that is too short. */
export const createTask = (settings: TrainSettings): Task =>
  settings.subject === "text" ? textTask(settings) : digitsTask(settings);

export function textTask({ optimizer, size, seed, text }: TrainSettings): TextTask {
  const { batch, ...shape } = sizes[size];
  const tokenizer = characterTokenizer(text);
  const model = createLanguageModel("tiny", { ...shape, vocabSize: tokenizer.vocabSize });
  const data = textDataset({ text, tokenizer, context: shape.context, batchSize: batch, seed });
  return {
    subject: "text",
    model,
    tokenizer,
    data,
    optimizer: createOptimizer<string>(optimizer),
    perStep: batch * shape.context,
    start: () => model.init(random.key(seed)),
    batch: (step) => toTokenBatch(data.trainBatch(step)),
    loss: (params, tokens) => model.loss(params, tokens as TokenBatch),
  };
}

/** Digits of the training that statistics of batch norm are taken of. */
const TYPICAL = 128;

export function digitsTask({ optimizer, size, seed }: TrainSettings): DigitsTask {
  const { batch, ...shape } = digitSizes[size];
  // Without smoothing a loss of 0 is certainty and ln 10 is guessing.
  const settings = { ...shape, imageShape: [1, SIDE, SIDE] as const, classes: CLASSES, labelSmoothing: 0 };
  const model = createImageModel("cnn", settings);
  const test = testDigits();
  const given = { train: trainingDigits(), test, source: "the digits" };
  const data = imageDataset({ ...given, batchSize: batch, seed });
  const typical = imageDataset({ ...given, batchSize: TYPICAL }).trainBatch(0);
  const [questions] = data.testBatches(test.count);
  const imagesOf = (rows: typeof typical) => {
    const { images, labels } = toImageBatch(rows);
    labels.dispose();
    return images;
  };
  return {
    subject: "digits",
    model,
    test,
    normalisation: data.normalisation,
    optimizer: createOptimizer<string>(optimizer, { roles: model.roles() }),
    perStep: batch,
    start: (): Tree => model.init(random.key(seed)),
    batch: (step) => toImageBatch(data.trainBatch(step)),
    loss: (params, images) => model.loss(params, images as ImageBatch),
    typical: () => imagesOf(typical),
    questions: () => imagesOf(questions ?? typical),
  };
}
