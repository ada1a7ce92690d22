import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ConfigError, type HuggingFaceConfig, languageModelFromHuggingFace } from "@steepest/models";
import * as v from "valibot";

import { CheckpointError } from "../../files/checkpointError.ts";
import { checkpointFolder, checkpointsFolder, listCheckpoints } from "../../files/listCheckpoints.ts";
import { json } from "../planInput.ts";
import type { RunPlan } from "../runPlan.ts";

/** What is known of weights besides their numbers. */
export interface WeightsOrigin {
  /** What `openSafetensors` takes: what was given, or of a run folder its latest checkpoint. */
  readonly path: string;
  /** What the `config.json` beside them says of the model, where there is one. */
  readonly described?: DescribedModel;
  /** What their tokens were made with, as a plan names it: of a run or an export that says so itself, its folder. */
  readonly tokenizer?: string;
  /** The vocabulary of a run on characters. */
  readonly characters?: string;
}

export interface DescribedModel {
  /** The file that says so. */
  readonly file: string;
  /** `gpt2`. */
  readonly family: string;
  /** Every setting of the family. */
  readonly config: Readonly<Record<string, unknown>>;
  /** How the plan of the run that made them says it. */
  readonly ofRun?: Pick<RunPlan, "model" | "modelOptions" | "context">;
}

/** The parts of a run's `config.json` that matter to somebody who starts from its weights. */
const ofRun = v.object({
  model: v.object({ family: v.string(), config: v.record(v.string(), v.unknown()) }),
  plan: v.optional(
    v.object({
      tokenizer: v.string(),
      model: v.string(),
      modelOptions: v.record(v.string(), json),
      context: v.optional(v.number()),
    }),
  ),
  tokenizer: v.nullish(v.object({ name: v.string(), characters: v.optional(v.string()) })),
});

/** What an export writes beside weights in the naming of Hugging Face. */
const ofCharacters = v.object({ name: v.literal("characters"), characters: v.string() });

/** Of GPT-2's byte-pair encoding, which comes with `@steepest/models`. */
const GPT2_IDS = 50257;

/**
 * Where weights come from: a safetensors file or folder, with the `config.json` of Hugging Face or of a run that belongs to
 * it, or a run folder. Throws `CheckpointError` for a run without a checkpoint, `ConfigError` for a `config.json` that is
 * damaged or describes a model that is not here. A path where nothing is stays as it is.
 */
export function weightsOrigin(given: string): WeightsOrigin {
  const path = latestCheckpoint(given) ?? given;
  if (!existsSync(path)) return { path }; // what stands beside it is somebody else's
  const folder = isFolder(path) ? path : dirname(path);
  const own = join(folder, "config.json");
  const ofRunAbove = join(folder, "..", "..", "config.json");
  const inRun = /^step-\d+$/.test(basename(folder)) && basename(dirname(folder)) === "checkpoints";
  const file = existsSync(own) ? own : inRun && existsSync(ofRunAbove) ? ofRunAbove : undefined;
  if (file === undefined) return { path };
  const json = readJson(file);
  const tokenizerJson = join(folder, "tokenizer.json");
  const beside = existsSync(tokenizerJson) ? tokenizerJson : undefined;
  if (typeof json.model_type === "string") {
    const described = published(file, json);
    const gpt2 = described.family === "gpt2" && described.config.vocabSize === GPT2_IDS ? "gpt2" : undefined;
    const vocabulary = join(folder, "characters.json");
    if (existsSync(vocabulary)) {
      const state = v.safeParse(ofCharacters, readJson(vocabulary));
      if (!state.success) throw new ConfigError(`${vocabulary} has no characters: export the weights again`);
      return { path, described, tokenizer: folder, characters: state.output.characters };
    }
    const tokenizer = beside ?? gpt2;
    return { path, described, ...(tokenizer !== undefined && { tokenizer }) };
  }
  const parsed = v.safeParse(ofRun, json);
  if (!parsed.success) return { path };
  const { model, plan, tokenizer: state } = parsed.output;
  const characters = state?.name === "characters" ? state.characters : undefined;
  const named = state?.name === "gpt2" ? "gpt2" : undefined;
  const kept = state === null || state === undefined ? undefined : folder;
  const tokenizer = named ?? beside ?? kept ?? plan?.tokenizer;
  return {
    path,
    described: { file, ...model, ...(plan !== undefined && { ofRun: planned(plan) }) },
    ...(tokenizer !== undefined && { tokenizer }),
    ...(characters !== undefined && { characters }),
  };
}

const planned = ({ model, modelOptions, context }: NonNullable<v.InferOutput<typeof ofRun>["plan"]>) => ({
  model,
  modelOptions,
  ...(context !== undefined && { context }),
});

function latestCheckpoint(given: string): string | undefined {
  if (!existsSync(checkpointsFolder(given)) || !existsSync(join(given, "config.json"))) return undefined;
  const step = listCheckpoints(given).at(-1);
  if (step !== undefined) return checkpointFolder(given, step);
  throw new CheckpointError(`${given} has no checkpoint yet: let the run reach one, or give other weights`);
}

function published(file: string, json: HuggingFaceConfig): DescribedModel {
  try {
    const { name, config } = languageModelFromHuggingFace(json);
    return { file, family: name, config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const sentence = error.message.replace("config.json has", "it has");
    throw new ConfigError(`the model of ${file} is not one of ours: ${sentence}`, { cause: error });
  }
}

function readJson(file: string): HuggingFaceConfig {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as HuggingFaceConfig;
  } catch (cause) {
    throw new ConfigError(`${file} is not JSON: get the file again`, { cause });
  }
  throw new ConfigError(`${file} is not a JSON object: get the file again`);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
