import { jit, numpy as np } from "@jax-js/jax";
import { generate } from "@steepest/models";
import { disposeTree, refTree, type Tree } from "steepest";
import type { ReadSample, Sample, WrittenSample } from "./sample.ts";
import type { DigitsTask, Task, TextTask } from "./task.ts";
import type { Trainer } from "./trainer.ts";

/** Letters of a sample. */
const LETTERS = 160;

/** Looks at what a model can do; what it compiles for that is kept. */
export interface Sampler {
  /** Steps from one sample to the next. */
  readonly every: number;
  take(trainer: Trainer): Promise<Sample>;
  dispose(): void;
}

export const createSampler = (task: Task): Sampler =>
  task.subject === "text"
    ? { every: 100, take: (trainer) => writeText(task, trainer, LETTERS), dispose: () => {} }
    : readDigits(task);

/** What the model writes now, after a line break or, where the text has none, its first character. */
async function writeText(
  { model, tokenizer, data }: TextTask,
  trainer: Trainer,
  tokens: number,
): Promise<WrittenSample> {
  const { step } = trainer;
  const start = data.train.find((id) => tokenizer.decode([id]) === "\n") ?? data.train[0] ?? 0;
  const drawn = await generate(model, await paramsOf(trainer), [start], {
    tokens,
    temperature: 0.8,
    seed: step,
  });
  return { step, text: tokenizer.decode(drawn) };
}

/** Batch norm with the statistics of digits of the training: an answer depends on no other test digit. */
function readDigits({ model, test, typical, questions }: DigitsTask): Sampler {
  const read = jit((params: Tree, seen: np.Array, asked: np.Array) => {
    const statistics = model.statistics?.(refTree(params), seen);
    return np.argmax(model.apply(params, asked, statistics), -1);
  });
  return {
    every: 20,
    async take(trainer): Promise<ReadSample> {
      const { step } = trainer;
      const found = await read(await paramsOf(trainer), typical(), questions()).data();
      const answers = Array.from(found, Number);
      const right = answers.filter((answer, i) => answer === test.labels[i]).length;
      return { step, answers, accuracy: right / answers.length };
    },
    dispose: () => read.dispose(),
  };
}

async function paramsOf(trainer: Trainer): Promise<Tree> {
  const { params, state } = await trainer.stand();
  disposeTree(state);
  return params;
}
