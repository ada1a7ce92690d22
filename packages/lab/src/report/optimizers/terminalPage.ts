import { wrapWords } from "../../text/fitTable.ts";
import { type Colours, plain } from "../../text/terminalColours.ts";
import type { OptimizerEntry } from "./optimizerEntry.ts";
import { optimizerPage, type PageBlock, writeDefault } from "./optimizerPage.ts";

/** The page of one optimizer for a terminal. Formulas and code keep their lines; all else is no wider than `width`. */
export function terminalPage(entry: OptimizerEntry, width: number, colours: Colours = plain): string[] {
  const blocks = optimizerPage(entry).map((block) => linesOf(block, width, colours));
  return [`${colours.bold(entry.name)}  ${colours.dim(entry.family)}`, ...blocks.flat()];
}

function linesOf(block: PageBlock, width: number, colours: Colours): string[] {
  switch (block.kind) {
    case "heading":
      return ["", colours.bold(block.text)];
    case "text":
      return wrapWords(block.text, width);
    case "code":
      return ["", ...block.lines.map((line) => `  ${line}`.trimEnd())];
    case "facts":
      return ["", ...block.rows.flatMap(([label, { text }]) => hanging(label, text, width, colours))];
    case "options":
      return block.options.flatMap(({ name, default: initial, range, doc }) => [
        `  ${colours.cyan(name)}  ${initial === null ? "" : "default "}${writeDefault(initial)}, ${range}`,
        ...wrapWords(doc, width - 4).map((line) => `    ${line}`),
      ]);
    case "list":
      return block.items.flatMap(({ text }) =>
        wrapWords(text, width - 2).map((line, i) => `${i === 0 ? "- " : "  "}${line}`),
      );
  }
}

/** A label, and its text beside it, or below it where there is little room. */
function hanging(label: string, text: string, width: number, colours: Colours): string[] {
  const column = width >= 80 ? 34 : 2;
  const lines = wrapWords(text, width - column).map((line) => " ".repeat(column) + line);
  if (column === 2) return [colours.dim(label), ...lines];
  const [first = "", ...rest] = lines;
  return [colours.dim(label) + first.slice(label.length), ...rest];
}
