import { weightsOrigin } from "./weightsOrigin.ts";

/**
 * The tokenizer that weights were trained with, as a plan names it, where something beside them says so: the
 * `tokenizer.json` of a downloaded folder, GPT-2's own for its published table, that of a run. What is wrong with
 * the weights is said when they are read.
 */
export function tokenizerOfWeights(weights: string | undefined): string | undefined {
  if (weights === undefined) return undefined;
  try {
    return weightsOrigin(weights).tokenizer;
  } catch {
    return undefined;
  }
}
