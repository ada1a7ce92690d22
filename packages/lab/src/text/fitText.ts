import { wrapWords } from "./fitTable.ts";

/** A description with less room than this beside its term goes below it. */
const LEAST = 28;

/**
 * A text for a terminal of `width` columns, with nothing beyond them but words that are longer. A line `  term  description`
 * keeps its two columns where there is room; other lines go on with their own indentation. Lines that begin at the margin are
 * paragraphs, whose own ends of lines say nothing: a sentence that was broken for another width is filled again.
 */
export const fitText = (text: string, width: number): string =>
  filled(text.split("\n"))
    .flatMap((line) => fitLine(line, width))
    .join("\n");

/** A line of prose is so long at least; shorter ones are headings and the like. */
const PROSE = 60;

function filled(lines: readonly string[]): string[] {
  const found: string[] = [];
  let open = false; // the last line may go on
  for (const line of lines) {
    const atMargin = /^\S/.test(line) && !/\S\s{2,}\S/.test(line); // and of no columns
    if (open && atMargin) found.push(`${found.pop()} ${line}`);
    else found.push(line);
    open = atMargin && (open || line.length >= PROSE);
  }
  return found;
}

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
