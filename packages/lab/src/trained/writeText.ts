import { generate } from "@steepest/models";
import { refTree } from "steepest";

import type { TrainedModel } from "./trainedModel.ts";

export interface WriteOptions {
  readonly prompt: string;
  /** Tokens to add. */
  readonly tokens: number;
  /** Logits are divided by it; 0 always takes the likeliest token. */
  readonly temperature: number;
  readonly topK?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed: number;
  /** Gets the prompt, and then the text as it grows: what is certain of it, since a character can take several tokens. */
  readonly onText?: ((text: string) => void) | undefined;
}

/**
 * What a model writes after a prompt, the prompt left out. The same seed gives the same text. Consumes nothing: the
 * parameters stay the caller's. Throws `DataError` for an empty prompt or a character that the tokenizer lacks, `RangeError`
 * for settings out of range.
 */
export async function writeText(
  { model, params, tokenizer }: TrainedModel,
  { prompt, tokens, temperature, topK, topP, seed, onText }: WriteOptions,
): Promise<string> {
  const read = tokenizer.encode(prompt);
  onText?.(prompt);
  const written: number[] = [];
  let shown = "";
  const added = await generate(model, refTree(params), read, {
    tokens,
    temperature,
    seed,
    knownTokens: tokenizer.vocabSize, // the model's table may have more rows
    ...(topK !== undefined && { topK }),
    ...(topP !== undefined && { topP }),
    onToken(token) {
      if (onText === undefined) return;
      written.push(token);
      const text = tokenizer.decode(written);
      // The replacement character at the end is half of a character so far.
      if (text.endsWith("\uFFFD") || !text.startsWith(shown)) return;
      onText(text.slice(shown.length));
      shown = text;
    },
  });
  const text = tokenizer.decode(added);
  if (onText !== undefined && text.startsWith(shown)) onText(text.slice(shown.length));
  return text;
}
