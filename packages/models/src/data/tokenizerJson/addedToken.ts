import type { Normalizer } from "./normalizer.ts";
import { damaged, isPart, PartSettings } from "./part.ts";
import { literally } from "./readPattern.ts";
import { unicode } from "./unicode.ts";

/** A token that is found in a text before anything else is done to it. */
export interface AddedToken {
  readonly content: string;
  readonly id: number;
  /** Only where no letter or digit stands beside it. */
  readonly singleWord: boolean;
  /** White space before or after it belongs to it. */
  readonly left: boolean;
  readonly right: boolean;
  /** Looked for in the normalised text, itself normalised. */
  readonly normalized: boolean;
}

/** The `added_tokens` of a `tokenizer.json`. */
export function readAddedTokens(list: unknown): AddedToken[] {
  if (!Array.isArray(list)) throw damaged('"added_tokens" is no list');
  return list.map((entry: unknown) => {
    if (!isPart(entry)) throw damaged("an added token is no object");
    const settings = new PartSettings("added token", entry);
    const special = settings.flag("special", false);
    const token = {
      content: settings.text("content"),
      id: settings.count("id"),
      singleWord: settings.flag("single_word", false),
      left: settings.flag("lstrip", false),
      right: settings.flag("rstrip", false),
      normalized: settings.flag("normalized", !special),
    };
    settings.done();
    return token;
  });
}

/** Hands over the parts of a text in order: ids of added tokens, and what lies between. */
export type FindTokens = (
  text: string,
  takeId: (id: number) => void,
  takeText: (text: string, start: number) => void,
) => void;

const endsInWord = new RegExp(`${unicode.word}$`, "v");
const beginsWithWord = new RegExp(`^${unicode.word}`, "v");

/** Finds the longest of the tokens that begin leftmost; with `normalizer`, they are looked for as it writes them. */
export function tokenFinder(tokens: readonly AddedToken[], normalizer?: Normalizer): FindTokens {
  const contents = new Map<string, AddedToken>();
  for (const token of tokens) {
    const content = normalizer?.(token.content) ?? token.content;
    if (content !== "" && !contents.has(content)) contents.set(content, token);
  }
  if (contents.size === 0) {
    return (text, _, takeText) => {
      if (text !== "") takeText(text, 0);
    };
  }
  const longestFirst = [...contents.keys()].sort((a, b) => b.length - a.length);
  const beginnings = new Set(
    longestFirst.map((content) => literally(String.fromCodePoint(content.codePointAt(0) ?? 0))),
  );
  const pattern = new RegExp(
    `(?=[${[...beginnings].join("")}])(?:${longestFirst.map(literally).join("|")})`,
    "gv",
  );
  return (text, takeId, takeText) => {
    let done = 0;
    for (const match of text.matchAll(pattern)) {
      const token = contents.get(match[0]);
      if (token === undefined) continue;
      let [start, end] = [match.index, match.index + match[0].length];
      const alone = (): boolean =>
        !endsInWord.test(text.slice(Math.max(0, start - 2), start)) &&
        !beginsWithWord.test(text.slice(end, end + 2));
      if (token.singleWord && !alone()) continue;
      if (token.left) start = Math.max(done, start - whiteSpaceBefore(text, start));
      if (token.right) end += whiteSpaceAfter(text, end);
      if (start > done) takeText(text.slice(done, start), done);
      takeId(token.id);
      done = end;
    }
    if (done < text.length) takeText(text.slice(done), done);
  };
}

// All white space is one UTF-16 unit.
const isWhiteSpace = (text: string, at: number): boolean => /\p{White_Space}/u.test(text[at] ?? "");

function whiteSpaceBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && isWhiteSpace(text, start - 1)) start--;
  return end - start;
}

function whiteSpaceAfter(text: string, start: number): number {
  let end = start;
  while (end < text.length && isWhiteSpace(text, end)) end++;
  return end - start;
}
