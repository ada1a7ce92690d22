import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { didYouMean } from "steepest";
import { DataError } from "../dataError.ts";
import { readTextFile } from "../text/readTextFile.ts";
import { characterTokenizer } from "./characterTokenizer.ts";
import { gpt2Tokenizer } from "./gpt2Tokenizer.ts";
import { huggingFaceTokenizer } from "./huggingFaceTokenizer.ts";
import { isTokenizerState, loadTokenizer } from "./loadTokenizer.ts";
import type { Tokenizer } from "./tokenizer.ts";

const names = ["char", "gpt2"];

/**
 * A tokenizer by name, `char` or `gpt2`, by the path of a Hugging Face `tokenizer.json` or the folder it is in
 * (`tokenizer_config.json` beside it is read too), or by the folder of a run or an export of `steepest`, of characters too.
 * `char` takes its vocabulary from `text`, called only then.
 *
 * Throws `DataError` for another name, and for a missing or damaged file.
 */
export async function readTokenizer(
  nameOrPath: string,
  text: () => Iterable<string> | AsyncIterable<string> = () => [],
): Promise<Tokenizer> {
  if (nameOrPath === "gpt2") return gpt2Tokenizer();
  if (nameOrPath === "char") {
    const characters = new Set<string>();
    for await (const part of text()) for (const character of part) characters.add(character);
    return characterTokenizer([...characters].join(""));
  }
  const found = await stat(nameOrPath).catch(() => undefined);
  if (found === undefined) {
    throw new DataError(
      "missing",
      `there is no tokenizer ${nameOrPath}${didYouMean(nameOrPath, names)}: give ${names.join(", ")}, ` +
        "or the path of a Hugging Face tokenizer.json",
    );
  }
  const own = found.isDirectory() ? await tokenizerOfFolder(nameOrPath) : undefined;
  if (own !== undefined) return own;
  const path = found.isDirectory() ? join(nameOrPath, "tokenizer.json") : nameOrPath;
  const beside = join(dirname(path), "tokenizer_config.json");
  const hasConfig =
    basename(path) === "tokenizer.json" && (await stat(beside).catch(() => undefined))?.isFile();
  try {
    return await huggingFaceTokenizer(await readJson(path), hasConfig ? await readJson(beside) : undefined);
  } catch (error) {
    if (!(error instanceof DataError) || error.message.includes(path)) throw error;
    throw new DataError(error.problem, `${path}: ${error.message}`, { cause: error });
  }
}

/** What a run or an export says of its tokens, where no `tokenizer.json` does. */
async function tokenizerOfFolder(folder: string): Promise<Tokenizer | undefined> {
  const has = async (name: string): Promise<boolean> =>
    (await stat(join(folder, name)).catch(() => undefined))?.isFile() === true;
  if (await has("tokenizer.json")) return undefined;
  if (await has("characters.json")) {
    const path = join(folder, "characters.json");
    return stateTokenizer(path, await readJson(path));
  }
  const inRun = basename(dirname(folder)) === "checkpoints" ? join(folder, "..", "..") : folder;
  const path = join((await has("config.json")) ? folder : inRun, "config.json");
  const config = await readJson(path).catch(() => undefined);
  const state =
    typeof config === "object" && config !== null && "tokenizer" in config ? config.tokenizer : undefined;
  return typeof state === "object" && state !== null && "name" in state
    ? stateTokenizer(path, state)
    : undefined;
}

async function stateTokenizer(path: string, state: unknown): Promise<Tokenizer> {
  if (isTokenizerState(state)) return loadTokenizer(state);
  throw new DataError("damaged", `${path} holds no tokenizer: export or copy it again`);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readTextFile(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(
      "damaged",
      `${path} is not JSON (${error instanceof Error ? error.message : error}): get the file again`,
      {
        cause: error,
      },
    );
  }
}
