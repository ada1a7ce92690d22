import { toByteCharacters } from "./byteCharacters.ts";
import { type PartSettings, type PartTable, readPart } from "./part.ts";
import { literally, readPattern } from "./readPattern.ts";
import {
  byPattern,
  type Divide,
  inverted,
  type SplitBehaviour,
  splitBehaviours,
  splitText,
} from "./splitText.ts";
import { unicode } from "./unicode.ts";

/** Gets a part of a text, and whether it begins where the whole text does. */
export type TakeText = (text: string, first: boolean) => void;

/** Splits a text into the words that a model makes into tokens; nothing is handed over that is empty. */
export type PreTokenizer = (text: string, first: boolean, take: TakeText) => void;

const splitting =
  (divide: Divide, behaviour: SplitBehaviour): PreTokenizer =>
  (text, first, take) =>
    splitText(text, divide, behaviour, (start, end) => take(text.slice(start, end), first && start === 0));

const pattern = (source: string): Divide => byPattern(new RegExp(source, "gv"));
const atWhitespace = splitting(pattern(unicode.whitespace), "Removed");

/** One after the other, each on what the one before hands over. */
const inTurn = (steps: readonly PreTokenizer[]): PreTokenizer =>
  steps.reduceRight<PreTokenizer>(
    (rest, step) => (text, first, take) =>
      step(text, first, (part, itsFirst) => {
        if (part !== "") rest(part, itsFirst, take);
      }),
    (text, first, take) => take(text, first),
  );

/** GPT-2's expression; its `\s` is Unicode's. */
const gpt2Words = `'(?:[sdmt]|re|ve|ll)| ?\\p{L}+| ?\\p{N}+| ?[^${unicode.whitespace}\\p{L}\\p{N}]+|${unicode.whitespace}+(?!\\P{White_Space})|${unicode.whitespace}+`;

/** Words of GPT-2, in the printable characters of their bytes where `bytes`. */
export function byteLevel({ prefix = false, words = true, bytes = true } = {}): PreTokenizer {
  const split: PreTokenizer = words
    ? splitting(pattern(gpt2Words), "Isolated")
    : (text, first, take) => take(text, first);
  return (text, first, take) =>
    split(prefix && !text.startsWith(" ") ? ` ${text}` : text, first, (part, itsFirst) =>
      take(bytes ? toByteCharacters(part) : part, itsFirst),
    );
}

function metaspace(settings: PartSettings): PreTokenizer {
  const replacement = settings.character("replacement", "▁");
  settings.optional("str_rep"); // of old files, the same again
  const spaced = settings.flag("add_prefix_space", true);
  const scheme = settings.choice("prepend_scheme", ["always", "first", "never"], spaced ? "always" : "never");
  const split = settings.flag("split", true)
    ? splitting(pattern(literally(replacement)), "MergedWithNext")
    : undefined;
  return (text, first, take) => {
    const marked = text.replaceAll(" ", () => replacement);
    const prepended = scheme === "always" || (scheme === "first" && first);
    const whole = prepended && !marked.startsWith(replacement) ? replacement + marked : marked;
    return split === undefined ? take(whole, first) : split(whole, first, take);
  };
}

const table: PartTable<PreTokenizer> = {
  ByteLevel(settings) {
    settings.flag("trim_offsets", true);
    return byteLevel({
      prefix: settings.flag("add_prefix_space", true),
      words: settings.flag("use_regex", true),
    });
  },
  Whitespace: () =>
    splitting(inverted(pattern(`${unicode.word}+|[^${unicode.word}${unicode.whitespace}]+`)), "Removed"),
  WhitespaceSplit: () => atWhitespace,
  BertPreTokenizer: () => inTurn([atWhitespace, splitting(pattern(unicode.punctuation), "Isolated")]),
  Punctuation: (settings) =>
    splitting(pattern(unicode.punctuation), settings.choice("behavior", splitBehaviours, "Isolated")),
  Digits: (settings) =>
    splitting(pattern(unicode.number), settings.flag("individual_digits", false) ? "Isolated" : "Contiguous"),
  CharDelimiterSplit: (settings) => splitting(pattern(literally(settings.character("delimiter"))), "Removed"),
  Split(settings) {
    const divide = byPattern(readPattern(settings));
    const behaviour = settings.choice("behavior", splitBehaviours);
    return splitting(settings.flag("invert", false) ? inverted(divide) : divide, behaviour);
  },
  Metaspace: metaspace,
  Sequence: (settings) => inTurn(settings.list("pretokenizers").map(readPreTokenizer)),
};

/** The `pre_tokenizer` of a `tokenizer.json`; without one, a text is one word. */
export function readPreTokenizer(part: unknown): PreTokenizer {
  if (part === null || part === undefined) return (text, first, take) => take(text, first);
  return readPart("pre_tokenizer", part, table);
}
