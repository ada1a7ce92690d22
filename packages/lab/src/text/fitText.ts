import { wrapWords } from "./fitTable.ts";

/** A description with less room than this beside its term goes below it. */
const LEAST = 28;

/**
 * A text for a terminal of `width` columns, with nothing beyond them but words that are longer. A line `  term  description`
 * keeps its two columns where there is room; other lines go on with their own indentation.
 */
export const fitText = (text: string, width: number): string =>
  text
    .split("\n")
    .flatMap((line) => fitLine(line, width))
    .join("\n");

function fitLine(line: string, width: number): string[] {
  if ([...line].length <= width) return [line];
  const [, indent = "", term = "", gap = "", description] = /^(\s*)(\S.*?)(\s{2,})(\S.*)$/.exec(line) ?? [];
  if (description === undefined) {
    const own = /^\s*/.exec(line)?.[0] ?? "";
    return hang(line, own, own === "" ? "" : `${own}  `, width);
  }
  const column = [...indent, ...term, ...gap].length;
  if (width - column >= LEAST) return hang(description, indent + term + gap, " ".repeat(column), width);
  const below = `${indent}    `;
  return [...hang(term, indent, below, width), ...hang(description, below, below, width)];
}

/** Words on lines of at most `width`, the first after `first`, the others after `rest`. */
function hang(text: string, first: string, rest: string, width: number): string[] {
  const room = Math.max(8, width - Math.max([...first].length, [...rest].length));
  return wrapWords(text, room).map((line, i) => (i === 0 ? first : rest) + line);
}
