import { DataError } from "../dataError.ts";

/** The largest vocabularies have a quarter of a million tokens. */
const mostTokens = 2 ** 22;

/** Tokens between documents, of GPT-2 and later models. */
const endings = ["<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>"];

export interface TokenizerJson {
  readonly definition: object;
  readonly settings: object;
  /** The largest id and 1. */
  readonly vocabSize: number;
  readonly endOfText?: number;
}

/**
 * Checks the parsed content of a `tokenizer.json`, as far as ids go: each a whole number, none twice, none far beyond
 * the number of tokens (which would make a model allocate a huge table). Fills in what the format lets files leave out.
 *
 * Throws `DataError` that says which part is wrong.
 */
export function readTokenizerJson(json: unknown, config: unknown = {}): TokenizerJson {
  if (!isRecord(json)) throw damaged("it is no object");
  if (!isRecord(config)) throw damaged("the tokenizer_config.json beside it is no object");
  const { model, added_tokens: added = [] } = json;
  if (!isRecord(model)) throw damaged('it has no "model"');
  if (!Array.isArray(added)) throw damaged('"added_tokens" is no list');

  const type = modelType(model);
  const ids = new Map<string, number>();
  for (const [token, id] of vocabulary(model)) ids.set(token, checkId(token, id));
  for (const entry of added) {
    if (!isRecord(entry) || typeof entry["content"] !== "string")
      throw damaged("an added token has no content");
    ids.set(entry["content"], checkId(entry["content"], entry["id"]));
  }
  if (ids.size === 0) throw damaged("its vocabulary is empty");
  const tokens = new Map<number, string>();
  for (const [token, id] of ids) {
    const other = tokens.get(id);
    if (other !== undefined) {
      throw damaged(`id ${id} belongs to ${JSON.stringify(other)} and to ${JSON.stringify(token)}`);
    }
    tokens.set(id, token);
  }
  const vocabSize = [...tokens.keys()].reduce((most, id) => Math.max(most, id), 0) + 1;
  if (vocabSize > 4 * ids.size + 4096)
    throw damaged(`id ${vocabSize - 1} in a vocabulary of ${ids.size} tokens`);

  const own = contentOf(config["eos_token"]);
  const ending = [...(own === undefined ? [] : [own]), ...endings].find((token) => ids.has(token));
  const endOfText = ending === undefined ? undefined : ids.get(ending);
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  return {
    definition: { ...parts, ...json, model: { ...model, type }, added_tokens: added },
    settings: config,
    vocabSize,
    ...(endOfText !== undefined && { endOfText }),
  };
}

/** One of the three; files from before 2021 leave it to be guessed. */
function modelType({ type, vocab, merges }: Record<string, unknown>): string {
  const guess = merges !== undefined ? "BPE" : Array.isArray(vocab) ? "Unigram" : "WordPiece";
  if (type === undefined) return guess;
  if (typeof type === "string" && modelTypes.includes(type)) return type;
  throw damaged(`its model is ${JSON.stringify(type)}, not one of ${modelTypes.join(", ")}`);
}

const modelTypes = ["BPE", "WordPiece", "Unigram"];

/** Tokens and ids of any of the three models; Unigram lists pairs of token and log-probability by id. */
function vocabulary(model: Record<string, unknown>): [string, unknown][] {
  const { type, vocab, merges } = model;
  if (type === "BPE" && !Array.isArray(merges)) throw damaged("a BPE model needs a list of merges");
  if (isRecord(vocab)) return Object.entries(vocab);
  if (!Array.isArray(vocab)) throw damaged('its model has no "vocab"');
  return vocab.map((pair: unknown, id) => {
    const [token, score]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof token !== "string" || typeof score !== "number")
      throw damaged(`entry ${id} of its vocabulary`);
    return [token, id];
  });
}

function checkId(token: string, id: unknown): number {
  if (typeof id === "number" && Number.isInteger(id) && id >= 0 && id < mostTokens) return id;
  throw damaged(`token ${JSON.stringify(token)} has id ${JSON.stringify(id)}`);
}

/** A special token of the configuration is a string or an object that holds one. */
function contentOf(token: unknown): string | undefined {
  const content = isRecord(token) ? token["content"] : token;
  return typeof content === "string" ? content : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const damaged = (what: string): DataError =>
  new DataError("damaged", `this tokenizer.json cannot be used: ${what}; get it again, or give another`);
