import { ConfigError, type Tokenizer } from "@steepest/models";

import type { RunPlan } from "../../plan/runPlan.ts";

/** Published tables are padded to a multiple of 128 or 256 rows, a few to more. */
const PADDING = 1024;
const GPT2_IDS = 50257;

/**
 * Throws `ConfigError` where a table of `rows` token ids and what makes the tokens cannot belong together: with the ids of
 * another tokenizer every row of a trained table stands for the wrong word, and nothing would show it but the loss.
 * A table may be a little longer than the vocabulary; of characters it has exactly the length.
 */
export function expectVocabulary(plan: RunPlan, rows: number, { name, vocabSize: ids }: Tokenizer): void {
  const most = name === "characters" ? ids : ids + PADDING;
  if (ids <= rows && rows <= most) return;
  const right =
    rows >= GPT2_IDS && rows <= GPT2_IDS + PADDING
      ? "give --tokenizer gpt2"
      : "leave --tokenizer out if it is a run's, or give the path of its tokenizer.json";
  throw new ConfigError(
    `${plan.weights ?? "the model"} has a table of ${rows} token ids and --tokenizer ${plan.tokenizer} makes ${ids}: ` +
      `its rows are the tokens of another tokenizer; ${right}`,
  );
}
