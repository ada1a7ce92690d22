import { generate } from "@steepest/models";
import { disposeTree } from "steepest";
import type { Task } from "./task.ts";
import type { Trainer } from "./trainer.ts";

/** What the model writes now, after a line break or, where the text has none, its first character. */
export async function sampleText(
  { model, tokenizer, data }: Task,
  trainer: Trainer,
  tokens: number,
): Promise<string> {
  const { params, state } = await trainer.stand();
  disposeTree(state);
  const start = data.train.find((id) => tokenizer.decode([id]) === "\n") ?? data.train[0] ?? 0;
  const drawn = await generate(model, params, [start], { tokens, temperature: 0.8, seed: trainer.step });
  return tokenizer.decode(drawn);
}
