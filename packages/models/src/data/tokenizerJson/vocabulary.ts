import { type AddedToken, readAddedTokens } from "./addedToken.ts";
import { damaged, isPart, type Part, unsupported } from "./part.ts";

/** The largest vocabularies have a quarter of a million tokens. */
const mostTokens = 2 ** 22;

/** Tokens between documents, of GPT-2 and later models. */
const endings = ["<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>"];

/** All tokens of a `tokenizer.json`. */
export interface Vocabulary {
  /** Those of the model. */
  readonly ids: ReadonlyMap<string, number>;
  readonly added: readonly AddedToken[];
  /** By id, those added included; ids without a token are absent. */
  readonly tokens: ReadonlyMap<number, string>;
  /** The largest id and 1. */
  readonly size: number;
  readonly endOfText?: number;
}

/**
 * Checks the tokens of a file: each id a whole number, none twice, none far beyond the number of tokens (which would make a
 * model allocate a huge table). Throws `DataError` that says which is wrong. `config` is `tokenizer_config.json`.
 */
export function readVocabulary(model: Part, addedTokens: unknown, config: Part): Vocabulary {
  const ids = new Map<string, number>();
  for (const [token, id] of entriesOf(model)) ids.set(token, checkId(token, id));
  const added = readAddedTokens(addedTokens);
  const all = new Map(ids);
  for (const { content, id } of added) all.set(content, checkId(content, id));
  if (all.size === 0) throw damaged("its vocabulary is empty");
  const tokens = new Map<number, string>();
  for (const [token, id] of all) {
    const other = tokens.get(id);
    if (other !== undefined) {
      throw damaged(`id ${id} belongs to ${JSON.stringify(other)} and to ${JSON.stringify(token)}`);
    }
    tokens.set(id, token);
  }
  const size = [...tokens.keys()].reduce((most, id) => Math.max(most, id), 0) + 1;
  if (size > 4 * all.size + 4096) throw damaged(`id ${size - 1} in a vocabulary of ${all.size} tokens`);

  // The library counts on from the number of tokens, whatever the file says.
  let next = ids.size;
  for (const { content, id } of added) {
    const expected = ids.get(content) ?? next;
    if (id !== expected) {
      throw unsupported(
        `an added token ${JSON.stringify(content)} of id ${id} (the library makes it ${expected})`,
      );
    }
    next = Math.max(next, id + 1);
  }

  const own = contentOf(config["eos_token"]);
  const ending = [...(own === undefined ? [] : [own]), ...endings].find((token) => all.has(token));
  const endOfText = ending === undefined ? undefined : all.get(ending);
  return { ids, added, tokens, size, ...(endOfText !== undefined && { endOfText }) };
}

/** Tokens and ids of any model; Unigram lists pairs of token and log-probability by id. */
function entriesOf({ vocab }: Part): [string, unknown][] {
  if (isPart(vocab)) return Object.entries(vocab);
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
  const content = isPart(token) ? token["content"] : token;
  return typeof content === "string" ? content : undefined;
}
