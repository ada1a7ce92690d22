import { tokenFinder } from "./addedToken.ts";
import { readDecoder } from "./decoder.ts";
import { damaged, isPart, unsupported } from "./part.ts";
import { readPreTokenizer } from "./preTokenizer.ts";
import { mayDropBeginning, readNormalizer } from "./readNormalizer.ts";
import { readWordModel } from "./readWordModel.ts";
import { readVocabulary, type Vocabulary } from "./vocabulary.ts";

/** The whole way of a `tokenizer.json` from text to ids and back. */
export interface TokenizerJson {
  readonly vocabulary: Vocabulary;
  /** Hands over the ids of a text in order. */
  encode(text: string, take: (id: number) => void): void;
  /** The text of ids, as the reference library gives it with special tokens kept. Ids without a token are left out. */
  decode(ids: Iterable<number>): string;
}

/**
 * Reads the parsed content of a `tokenizer.json`; `config` is that of the `tokenizer_config.json` beside it.
 *
 * A text goes this way: added tokens that are looked for in it as it is; the normalizer, on what lies between; added tokens
 * that are looked for in what that gives; the pre-tokenizer; the model, word by word. Nothing is added at the ends
 * (`post_processor`), cut off (`truncation`) or filled up (`padding`).
 *
 * Every part is read by a list of what is known to give the reference library's ids; throws `DataError` that names any
 * other part, setting or expression, and for what is damaged.
 */
export function readTokenizerJson(json: unknown, config: unknown = {}): TokenizerJson {
  if (!isPart(json)) throw damaged("it is no object");
  if (!isPart(config)) throw damaged("the tokenizer_config.json beside it is no object");
  const { model, added_tokens: addedTokens = [], normalizer, pre_tokenizer: preTokenizer, decoder } = json;
  if (!isPart(model)) throw damaged('it has no "model"');
  const vocabulary = readVocabulary(model, addedTokens, config);
  const words = readWordModel(model, vocabulary.ids);
  const normalize = readNormalizer(normalizer);
  const split = readPreTokenizer(preTokenizer);
  if (mayDropBeginning(normalizer) && /"prepend_scheme":"first"/.test(JSON.stringify(preTokenizer ?? null))) {
    throw unsupported(
      'a pre_tokenizer Metaspace with "first" behind a normalizer that may drop the first character',
    );
  }
  const isRaw = ({ normalized }: { normalized: boolean }): boolean => !normalized;
  const findRaw = tokenFinder(vocabulary.added.filter(isRaw));
  const findNormalized = tokenFinder(
    vocabulary.added.filter((token) => !isRaw(token)),
    normalize,
  );
  const decode = readDecoder(decoder);
  const names = new Map(vocabulary.tokens);
  for (const { id, content, normalized } of vocabulary.added)
    if (normalized) names.set(id, normalize(content));
  return {
    vocabulary,
    encode(text, take) {
      const takeWord = (word: string): void => words(word, take);
      findRaw(text, take, (part, start) => {
        findNormalized(normalize(part), take, (between, inner) => {
          split(between, start === 0 && inner === 0, (word) => {
            if (word !== "") takeWord(word);
          });
        });
      });
    },
    decode: (ids) => decode(Array.from(ids).flatMap((id) => names.get(id) ?? [])),
  };
}
