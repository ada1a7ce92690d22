import { createHash } from "node:crypto";
import {
  characterTokenizer,
  createLanguageModel,
  gpt2Tokenizer,
  type LanguageModel,
  type Tokenizer,
  textDataset,
} from "@steepest/models";
import { mobyDick, readTextFile } from "@steepest/models/node";
import type { Optimizer } from "steepest";

import type { HostTensors } from "../engine/hostTensor.ts";
import { modelSettings, planOptimizer } from "../plan/resolvePlan.ts";
import { defaultText, type RunPlan } from "./runPlan.ts";

/** Batches of a run, each a pure function of its number, so that a checkpoint needs no position. */
export interface BatchSource {
  readonly tokensPerStep: number;
  /** The batch of a step, counted from 0. */
  train(step: number): HostTensors;
  /** Always the same ones. */
  readonly validation: readonly HostTensors[];
  /** Of the whole text, to notice that it has changed. */
  readonly sha256: string;
}

/** What a run needs besides a folder. */
export interface PreparedRun {
  readonly plan: RunPlan;
  readonly model: LanguageModel;
  readonly optimizer: Optimizer;
  readonly tokenizer: Tokenizer;
  readonly batches: BatchSource;
}

/**
 * Reads the data and builds model and optimizer. Writes nothing. Throws `DataError`, `ConfigError` or
 * `OptionError` where the plan and the data do not go together.
 */
export async function prepareRun(plan: RunPlan): Promise<PreparedRun> {
  const text = plan.data === defaultText ? mobyDick() : await readTextFile(plan.data);
  const tokenizer = plan.tokenizer === "gpt2" ? await gpt2Tokenizer() : characterTokenizer(text);
  const model = createLanguageModel(plan.model, modelSettings(plan, tokenizer.vocabSize));
  const optimizer = planOptimizer(plan, model.roles());
  const dataset = textDataset({
    text,
    tokenizer,
    context: model.context,
    batchSize: plan.batch,
    seed: plan.seed,
    source: plan.data === defaultText ? "the default text" : plan.data,
  });
  return {
    plan,
    model,
    optimizer,
    tokenizer,
    batches: {
      tokensPerStep: plan.batch * model.context,
      train: (step) => hostBatch(dataset.trainBatch(step)),
      validation: dataset.validationBatches(plan.evalBatches).map(hostBatch),
      sha256: createHash("sha256").update(text).digest("hex"),
    },
  };
}

function hostBatch({
  shape,
  tokens,
  targets,
}: ReturnType<ReturnType<typeof textDataset>["trainBatch"]>): HostTensors {
  return {
    tokens: { dtype: "int32", shape, data: tokens },
    targets: { dtype: "int32", shape, data: targets },
  };
}
