import {
  createLanguageModel,
  type LoadedText,
  type LoadedTokens,
  type Tokenizer,
  type TokenWindows,
  tokenDataset,
} from "@steepest/models";
import { readTokenizer, textTokens } from "@steepest/models/node";
import type { HostTensors } from "../engine/hostTensor.ts";
import { defaultJob } from "../plan/defaultJob.ts";
import { modelOptions } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import { expectFewValidations, expectStepFits } from "./expectSizes.ts";
import type { PreparedRun } from "./preparedRun.ts";
import { expectVocabulary } from "./weights/expectVocabulary.ts";

/**
 * Model, tokenizer and batches of a language model on text or tokens; `known` is a tokenizer to use whatever the plan says.
 * Throws `ConfigError` or `DataError`.
 */
export async function languageRun(
  plan: RunPlan,
  data: LoadedText | LoadedTokens,
  known?: Tokenizer,
): Promise<Pick<PreparedRun, "model" | "tokenizer" | "batches">> {
  const tokenizer = known ?? (await tokenizerOf(plan, data));
  const given = plan.modelOptions.vocabSize; // of the weights that the run starts from, see `planOfWeights`
  if (typeof given === "number" && tokenizer !== undefined) expectVocabulary(plan, given, tokenizer);
  const ofData = data.kind === "tokens" ? data.vocabSize : 0;
  const vocabSize = given ?? Math.max(tokenizer?.vocabSize ?? 0, ofData);
  const model = createLanguageModel(plan.model, { ...modelOptions(plan), vocabSize: Number(vocabSize) });
  const shared = { context: model.context, batchSize: plan.batch, seed: plan.seed, source: data.source };
  const { train, validation } = await tokensOf(data, tokenizer);
  expectStepFits(plan, model);
  expectFewValidations(plan, model.context, validation.length);
  const dataset = tokenDataset({ ...shared, order: plan.order ?? "random", train, validation });
  return {
    model,
    ...(tokenizer !== undefined && { tokenizer }),
    batches: {
      tokensPerStep: plan.batch * model.context,
      unit: "tokens",
      train: async (step) => hostBatch(await dataset.trainBatchLater(step)),
      *validation() {
        const { evalBatches = 1 } = plan;
        for (let i = 0; i < evalBatches; i++) yield hostBatch(dataset.validationBatch(i, evalBatches));
      },
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

async function tokensOf(
  data: LoadedText | LoadedTokens,
  tokenizer: Tokenizer | undefined,
): Promise<Pick<LoadedTokens, "train" | "validation">> {
  if (data.kind === "tokens") return data;
  if (tokenizer === undefined) throw new Error("internal: a text without a tokenizer");
  return textTokens(data, tokenizer);
}

function hostBatch({ shape, tokens, targets }: TokenWindows): HostTensors {
  return {
    tokens: { dtype: "int32", shape, data: tokens },
    targets: { dtype: "int32", shape, data: targets },
  };
}
