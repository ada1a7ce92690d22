import type { PlanInput } from "../plan/planInput.ts";
import type { Scale } from "./claim.ts";

/** The language job of the claims: a GPT for characters of Moby Dick. */
export function smallGpt(scale: Scale): PlanInput & { readonly steps: number } {
  const size = {
    small: { model: "tiny", context: 32, batch: 16, steps: 150 },
    medium: { model: "char-1m", context: 128, batch: 32, steps: 2000 },
    paper: { model: "nanogpt-124m", context: 1024, batch: 512, steps: 5100, tokenizer: "gpt2" },
  }[scale];
  return { ...size, evalEvery: Math.round(size.steps / 5), evalBatches: 8, schedule: "linear" };
}

/** For the page. */
export const smallGptText = (scale: Scale): string => {
  const { model, context, batch, steps } = smallGpt(scale);
  return `Model \`${model}\` on Moby Dick, context ${context}, batch ${batch}, ${steps} steps`;
};
