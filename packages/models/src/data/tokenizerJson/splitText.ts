/** What becomes of the places that a pre-tokenizer's pattern matches. The names are those of `tokenizer.json`. */
export const splitBehaviours = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
] as const;

export type SplitBehaviour = (typeof splitBehaviours)[number];

/** Gets a part of a text by its first and last UTF-16 unit, and whether the pattern matches it. */
type TakeSpan = (start: number, end: number, matches: boolean) => void;

/** Divides a text into what matches and what lies between, in order and without gaps; no span is empty. */
export type Divide = (text: string, take: TakeSpan) => void;

/** The matches of a global regular expression. */
export const byPattern =
  (pattern: RegExp): Divide =>
  (text, take) => {
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      if (match[0] === "") continue;
      if (match.index > end) take(end, match.index, false);
      end = match.index + match[0].length;
      take(match.index, end, true);
    }
    if (end < text.length) take(end, text.length, false);
  };

/** The spans that are no match as matches, and the other way round. */
export const inverted =
  (divide: Divide): Divide =>
  (text, take) =>
    divide(text, (start, end, matches) => take(start, end, !matches));

/** Hands over the parts that a text is split into. `Contiguous` joins neighbours that both match. */
export function splitText(
  text: string,
  divide: Divide,
  behaviour: SplitBehaviour,
  emit: (start: number, end: number) => void,
): void {
  if (behaviour === "Removed" || behaviour === "Isolated") {
    divide(text, (start, end, matches) => {
      if (!matches || behaviour === "Isolated") emit(start, end);
    });
    return;
  }
  // The part that the next span may still be added to.
  let [from, to, previousMatches] = [0, 0, false];
  const flush = (): void => {
    if (to > from) emit(from, to);
  };
  const joins: Record<typeof behaviour, (matches: boolean) => boolean> = {
    MergedWithPrevious: (matches) => matches && !previousMatches,
    MergedWithNext: (matches) => !matches && previousMatches,
    Contiguous: (matches) => matches === previousMatches,
  };
  divide(text, (start, end, matches) => {
    if (!(to > from && joins[behaviour](matches))) {
      flush();
      from = start;
    }
    to = end;
    previousMatches = matches;
  });
  flush();
}
