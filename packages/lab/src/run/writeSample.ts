import { generate } from "@steepest/models";

import type { TrainingEngine } from "../engine/trainingEngine.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";

const PROMPT = 32;
const TEMPERATURE = 0.8;

/**
 * The start of the validation text, continued by a language model as it is now; undefined where nobody knows what its tokens
 * mean, or the plan wants none. The same seed at every step, so that texts differ by what was learned. Takes nothing from the run:
 * neither its parameters nor its random numbers. Rejects with the reason of `signal`.
 */
export async function writeSample(
  { plan, model, tokenizer, batches }: PreparedRun,
  engine: Pick<TrainingEngine, "params">,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (plan.sampleTokens === 0 || model.kind !== "language" || tokenizer === undefined) return undefined;
  const [first] = batches.validation();
  const beginning = first?.tokens?.data.slice(0, Math.min(PROMPT, model.context)) ?? [];
  const prompt = Array.from(beginning, Number);
  const written = await generate(model, await engine.params(), prompt, {
    tokens: plan.sampleTokens,
    temperature: TEMPERATURE,
    knownTokens: tokenizer.vocabSize, // the model's table may have more rows
    seed: plan.seed,
    ...(signal && { signal }),
  });
  return tokenizer.decode([...prompt, ...written]);
}
