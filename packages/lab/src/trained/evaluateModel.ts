import { resolve } from "node:path";
import { loadTokenizer, type TokenizerState } from "@steepest/models";

import { engines } from "../engine/engines.ts";
import type { PlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import { prepareRun } from "../prepare/prepareRun.ts";
import { averageStatistics, evaluateRun } from "../run/evaluateRun.ts";
import { usableThreads } from "../run/usableThreads.ts";
import { readTrainedRun } from "./trainedRun.ts";

/** How well a trained model does on data, and on which. */
export interface ModelScore {
  readonly source: string;
  readonly data: string;
  /** Mean cross-entropy in nats per token, or per image. */
  readonly loss: number;
  /** Of language models: e to the loss. */
  readonly perplexity?: number;
  /** Of models of characters: the loss in bits. */
  readonly bitsPerCharacter?: number;
  /** Of classifiers, in [0, 1]. */
  readonly accuracy?: number;
}

export interface EvaluateOptions {
  /** A name or path. Default: the data of the run. */
  readonly data?: string | undefined;
  /** Of the checkpoint. Default: the latest. */
  readonly step?: number | undefined;
  /** Batches to look at. Default: as many as the run's validations. */
  readonly evalBatches?: number | undefined;
  readonly report?: ((line: string) => void) | undefined;
}

/**
 * Loss (and accuracy) of a run's checkpoint on the validation part of data, its own or others. Throws a sentence where the folder
 * is no run, or data and model do not go together.
 */
export async function evaluateModel(
  directory: string,
  { data, step, evalBatches, report }: EvaluateOptions = {},
): Promise<ModelScore> {
  const trained = readTrainedRun(directory, step);
  const given: PlanInput = {
    ...(data !== undefined && { data }),
    ...(evalBatches !== undefined && { evalBatches }),
    weights: trained.checkpoint,
  };
  const plan = resolvePlan(trained.plan, given);
  const tokenizer =
    trained.tokenizer === null ? undefined : await loadTokenizer(trained.tokenizer as TokenizerState);
  const run = await prepareRun(plan, { report, tokenizer });
  const { snapshot } = trained;
  const engine = await engines[plan.engine]({
    model: run.model,
    optimizer: run.optimizer,
    seed: plan.seed,
    accumulate: plan.accumulate,
    threads: usableThreads(plan.threads),
    testTime: plan.testTime,
    example: await run.batches.train(0),
  });
  try {
    const statistics =
      snapshot.statistics ??
      (await averageStatistics(engine, run.batches, {
        count: plan.statisticsBatches,
        parts: plan.accumulate,
      }));
    const { loss, accuracy } = await evaluateRun(engine, run.batches, statistics);
    const language = run.model.kind === "language";
    return {
      source: `step ${trained.step} of ${resolve(directory)}`,
      data: plan.data,
      loss,
      ...(language && { perplexity: Math.exp(loss) }),
      ...(language && tokenizer?.name === "characters" && { bitsPerCharacter: loss / Math.LN2 }),
      ...(accuracy !== undefined && { accuracy }),
    };
  } finally {
    engine.dispose();
  }
}
