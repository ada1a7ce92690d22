import { createModel, type LoadedData, modelKind, modelNames, type Tokenizer } from "@steepest/models";
import { loadData } from "@steepest/models/node";
import { kindDefaults } from "../plan/defaultJob.ts";
import { modelOptions, planOptimizer } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import { dataSettings } from "./dataSettings.ts";
import { expectEnoughMemory } from "./expectEnoughMemory.ts";
import { imageRun } from "./imageRun.ts";
import { languageRun } from "./languageRun.ts";
import type { PreparedRun } from "./preparedRun.ts";
import { problemBatches } from "./problemBatches.ts";
import { startFromWeights } from "./startFromWeights.ts";
import { planOfWeights } from "./weights/planOfWeights.ts";

export interface PrepareOptions {
  /** Gets a line now and then while something takes long. */
  readonly report?: ((line: string) => void) | undefined;
  /** False: the run goes on from a checkpoint, and the plan's weights are not read. */
  readonly fresh?: boolean;
  /** Of a trained model, for text other than its own. Default: the plan's. */
  readonly tokenizer?: Tokenizer | undefined;
}

/**
 * Reads the data (and weights to start from) and builds model and optimizer. Writes nothing. Throws `DataError`,
 * `ConfigError`, `WeightsError` or `OptionError` where the plan and the data do not go together, and a sentence where the
 * machine has too little memory.
 */
export async function prepareRun(
  given: RunPlan,
  { report = () => {}, fresh = true, tokenizer }: PrepareOptions = {},
): Promise<PreparedRun> {
  const { weights } = given;
  const starts = fresh && weights !== undefined;
  const plan = starts ? await planOfWeights({ ...given, weights }, report) : given;
  const { model, ...rest } = await modelAndData(plan, report, tokenizer);
  const optimizer = planOptimizer(plan, model.roles());
  expectEnoughMemory(plan, model, optimizer);
  const started =
    starts && plan.weights !== undefined ? startFromWeights(model, plan.weights, rest.tokenizer) : model;
  return { plan, model: started, optimizer, ...rest };
}

type ModelAndData = Omit<PreparedRun, "plan" | "optimizer">;

async function modelAndData(
  plan: RunPlan,
  report: (line: string) => void,
  tokenizer: Tokenizer | undefined,
): Promise<ModelAndData> {
  const kind = modelKind(plan.model);
  if (kind === "problem") {
    return { model: createModel(plan.model, modelOptions(plan)), batches: problemBatches() };
  }
  const { vocabSize } = plan.modelOptions; // of starting weights: ids of token shards must be below
  const data = await loadData(plan.data, {
    ...dataSettings(plan),
    report,
    ...(typeof vocabSize === "number" && { vocabSize }),
  });
  if (kind === "image") {
    if (data.kind !== "images") throw mismatch(plan, data);
    return { ...(await imageRun(plan, data)), split: data.split };
  }
  if (data.kind === "images") throw mismatch(plan, data);
  return { ...(await languageRun(plan, data, tokenizer)), split: data.split };
}

function mismatch({ model }: RunPlan, { kind, source }: LoadedData): Error {
  const [wanted, found] =
    kind === "images"
      ? (["language", "images"] as const)
      : (["image", kind === "text" ? "text" : "tokens"] as const);
  const other = wanted === "language" ? "image" : "language";
  return new Error(
    `${model} is trained on ${wanted === "image" ? "images" : "text"}, and ${source} is ${found}: give other data ` +
      `(--data ${kindDefaults[wanted].data}) or another model (--model ${modelNames[other].slice(0, 4).join(", ")}, …)`,
  );
}
