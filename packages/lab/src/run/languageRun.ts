import {
  createLanguageModel,
  type LoadedText,
  type LoadedTokens,
  type TokenBatches,
  type Tokenizer,
  type TokenWindows,
  textDataset,
  tokenDataset,
} from "@steepest/models";
import { readTokenizer } from "@steepest/models/node";
import { defaultJob } from "../defaults/defaultJob.ts";
import type { HostTensors } from "../engine/hostTensor.ts";
import { modelOptions } from "../plan/resolvePlan.ts";
import type { PreparedRun } from "./prepareRun.ts";
import type { RunPlan } from "./runPlan.ts";

/** Model, tokenizer and batches of a language model on text or tokens. Throws `ConfigError` or `DataError`. */
export async function languageRun(
  plan: RunPlan,
  data: LoadedText | LoadedTokens,
): Promise<Pick<PreparedRun, "model" | "tokenizer" | "batches">> {
  const tokenizer = await tokenizerOf(plan, data);
  const vocabSize = Math.max(tokenizer?.vocabSize ?? 0, data.kind === "tokens" ? data.vocabSize : 0);
  const model = createLanguageModel(plan.model, { ...modelOptions(plan), vocabSize });
  const shared = { context: model.context, batchSize: plan.batch, seed: plan.seed, source: data.source };
  let dataset: TokenBatches;
  if (data.kind === "tokens") {
    dataset = tokenDataset({ ...shared, train: data.train, validation: data.validation });
  } else {
    if (tokenizer === undefined) throw new Error("internal: a text without a tokenizer");
    dataset = textDataset({ ...shared, text: data.text, tokenizer });
  }
  return {
    model,
    ...(tokenizer !== undefined && { tokenizer }),
    batches: {
      tokensPerStep: plan.batch * model.context,
      unit: "tokens",
      train: async (step) => hostBatch(await dataset.trainBatchLater(step)),
      validation: () => dataset.validationBatches(plan.evalBatches ?? 1).map(hostBatch),
      sha256: data.sha256,
    },
  };
}

/** Token shards do not say what made them; a tokenizer is then only used where one is named. */
async function tokenizerOf(plan: RunPlan, data: LoadedText | LoadedTokens): Promise<Tokenizer | undefined> {
  if (data.kind === "tokens" && data.tokenizer !== undefined) return data.tokenizer;
  if (data.kind === "text") return readTokenizer(plan.tokenizer, () => [data.text]);
  return plan.tokenizer === defaultJob.tokenizer ? undefined : readTokenizer(plan.tokenizer, () => []);
}

function hostBatch({ shape, tokens, targets }: TokenWindows): HostTensors {
  return {
    tokens: { dtype: "int32", shape, data: tokens },
    targets: { dtype: "int32", shape, data: targets },
  };
}
