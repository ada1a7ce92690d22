import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { numpy as np, random } from "@jax-js/jax";
import { type LanguageModel, loadTokenizer, type Tokenizer, type TokenizerState } from "@steepest/models";
import { loadPretrained, readTokenizer } from "@steepest/models/node";
import { type Arrays, disposeTree, type Tree, unflattenLike } from "steepest";

import { toArrays } from "../engine/arrays.ts";
import { FileError } from "../files/fileError.ts";
import { UsageError } from "../plan/usageError.ts";
import { readTrainedRun } from "./trainedRun.ts";

/** A language model that can write text. The parameters belong to the caller. */
export interface TrainedModel {
  readonly model: LanguageModel;
  readonly params: Tree;
  readonly tokenizer: Tokenizer;
  /** What to call it: the run and its step, or the folder. */
  readonly source: string;
}

/**
 * A trained language model out of a run folder (its latest checkpoint, or that of `step`), or out of a folder of Hugging
 * Face with `tokenizer.json` in it. Throws a sentence where the folder is neither, holds no language model, or does not
 * say what made its tokens.
 */
export async function readTrainedModel(directory: string, step?: number): Promise<TrainedModel> {
  const folder = resolve(directory);
  if (!existsSync(folder))
    throw new FileError(`there is no ${folder}: give a run folder or a folder of Hugging Face`);
  return isRun(folder) ? fromRun(folder, step) : fromHuggingFace(folder, step);
}

function isRun(folder: string): boolean {
  try {
    return "plan" in JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
  } catch {
    return existsSync(join(folder, "checkpoints"));
  }
}

async function fromRun(folder: string, asked: number | undefined): Promise<TrainedModel> {
  const { model, snapshot, tokenizer, step } = readTrainedRun(folder, asked);
  if (model.kind !== "language") {
    throw new UsageError(
      `${folder} trained ${model.name}, which writes no text: give the run of a language model`,
    );
  }
  if (tokenizer === null) {
    throw new UsageError(`${folder} was trained on tokens of unknown origin: nobody knows how to write them`);
  }
  const params = parametersOf(model, toArrays(snapshot.params));
  const read = await loadTokenizer(tokenizer as TokenizerState);
  return { model, params, tokenizer: read, source: `step ${step} of ${folder}` };
}

/** The arrays of a checkpoint in the tree of their model. Throws where one is missing. */
function parametersOf(model: LanguageModel, arrays: Arrays): Tree {
  const standIn = (_: unknown, value: np.Array): np.Array => {
    value.dispose();
    return np.zeros([]);
  };
  const shape = model.init(random.key(0), { take: standIn });
  const params = unflattenLike(shape, arrays);
  disposeTree(shape);
  return params;
}

async function fromHuggingFace(folder: string, step: number | undefined): Promise<TrainedModel> {
  if (step !== undefined) throw new UsageError(`--step is for run folders, and ${folder} is none`);
  const { model, params } = await loadPretrained(folder);
  const own = ["tokenizer.json", "characters.json"].some((name) => existsSync(join(folder, name)));
  // GPT-2's vocabulary comes with the library; an export of ours says in its config.json what made its tokens.
  const named = !own && model.name === "gpt2" ? "gpt2" : folder;
  const tokenizer = await readTokenizer(named).catch((error: unknown) => {
    disposeTree(params);
    if (own) throw error;
    throw new FileError(
      `${folder} has no tokenizer.json, which turns text into tokens: put the model's there`,
      { cause: error },
    );
  });
  return { model, params, tokenizer, source: folder };
}
