import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

import { expectFormat } from "../files/expectFormat.ts";
import { fileError, hasCode } from "../files/fileError.ts";
import { parsePlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { ExampleUnit } from "../plan/runObserver.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import type { ImageFacts } from "../prepare/imageFacts.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import { describeEnvironment, type Environment, environmentSchema } from "./environment.ts";

/** `config.json`: everything needed to repeat a run, and what it was made with. */
export interface RunConfig {
  readonly format: 1;
  readonly created: string;
  readonly plan: RunPlan;
  /** What the plan came to. For readers; a resume builds it again. */
  readonly model: { readonly family: string; readonly config: unknown; readonly parameters: number };
  /** Null where there is none, or nobody knows it. */
  readonly tokenizer: unknown;
  readonly images?: ImageFacts;
  /** What a step is fed. */
  readonly batches?: { readonly unit: ExampleUnit; readonly tokensPerStep: number };
  /** Of a run that was given another number of steps: those it had before, and how many were made by then. */
  readonly extended?: readonly { readonly afterStep: number; readonly steps: number }[];
  /** Of the data; of a problem `none`. Before there were images it was called `textSha256`. */
  readonly dataSha256: string;
  readonly environment: Environment;
}

/** The parts of a `config.json` that are read again. */
const readable = v.object({
  plan: v.unknown(),
  dataSha256: v.optional(v.string()),
  textSha256: v.optional(v.string()),
  created: v.fallback(v.string(), ""),
  model: v.fallback(
    v.object({
      parameters: v.number(),
      config: v.looseObject({ vocabSize: v.optional(v.number()) }),
    }),
    { parameters: 0, config: {} },
  ),
  batches: v.fallback(
    v.optional(
      v.object({ unit: v.picklist(["tokens", "images", "evaluations"]), tokensPerStep: v.number() }),
    ),
    undefined,
  ),
  environment: v.fallback(v.optional(environmentSchema), undefined),
});

/** What is read of a run folder's `config.json`. */
export interface ReadableConfig {
  readonly plan: RunPlan;
  readonly dataSha256: string;
  /** ISO 8601; empty where nobody wrote it down. */
  readonly created: string;
  readonly parameters: number;
  readonly vocabSize: number | undefined;
  /** What the model came to when the run began; empty where nobody wrote it down. */
  readonly modelConfig: Readonly<Record<string, unknown>>;
  readonly batches: RunConfig["batches"];
  /** Of old runs unknown. */
  readonly environment: Environment | undefined;
}

export function describeRun({ plan, model, tokenizer, images, batches }: PreparedRun, now: Date): RunConfig {
  return {
    format: 1,
    created: now.toISOString(),
    plan,
    model: { family: model.name, config: model.config, parameters: model.parameterCount },
    tokenizer: tokenizer?.toJSON() ?? null,
    ...(images !== undefined && { images }),
    batches: { unit: batches.unit, tokensPerStep: batches.tokensPerStep },
    dataSha256: batches.sha256,
    environment: describeEnvironment(),
  };
}

/** Reads the `config.json` of a run folder. Throws a sentence when the folder is none. */
export function readRunConfig(runDir: string): ReadableConfig {
  const path = join(runDir, "config.json");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) {
      throw new Error(`${runDir} is no run folder: it has no config.json`, { cause: error });
    }
    throw fileError("read", path, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is damaged: it is not JSON`, { cause: error });
  }
  expectFormat(value, 1, path);
  const parsed = v.safeParse(readable, value);
  const dataSha256 = parsed.success ? (parsed.output.dataSha256 ?? parsed.output.textSha256) : undefined;
  if (!parsed.success || dataSha256 === undefined) throw new Error(`${path} is damaged: it has no plan`);
  const plan = resolvePlan(parsePlanInput(parsed.output.plan, path));
  const { created, model, batches, environment } = parsed.output;
  const { parameters, config } = model;
  const { vocabSize } = config;
  return { plan, dataSha256, created, parameters, vocabSize, modelConfig: config, batches, environment };
}
