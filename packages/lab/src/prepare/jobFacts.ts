import type { ExampleUnit } from "../plan/runObserver.ts";
import type { PreparedRun } from "./preparedRun.ts";

/** What a plan and its data came to, for reports. */
export interface JobFacts {
  readonly parameters: number;
  readonly unit: ExampleUnit;
  readonly tokensPerStep: number;
  /** Of the tokenizer, where one is known. */
  readonly vocabSize?: number;
}

export function jobFacts({ model, tokenizer, batches }: PreparedRun): JobFacts {
  const { unit, tokensPerStep } = batches;
  return {
    parameters: model.parameterCount,
    unit,
    tokensPerStep,
    ...(tokenizer !== undefined && { vocabSize: tokenizer.vocabSize }),
  };
}
