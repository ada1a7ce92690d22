import { type Colours, plain } from "./terminalColours.ts";
import { pad, truncate } from "./visibleWidth.ts";

/** A column of a table for the terminal. */
export interface TableColumn {
  readonly title: string;
  /** Below the title. */
  readonly unit?: string;
  readonly align: "left" | "right";
  /** When there is no room, the column with the highest number goes first. Columns with 0 are cut, never dropped. */
  readonly keep: number;
  readonly cells: readonly string[];
  /** Styles the text of a cell. */
  readonly style?: (text: string, row: number) => string;
}

const GAP = 2;
const MODEST = 14;
const LEAST = 4; // a cut column keeps three letters and the ellipsis

/**
 * A table as lines, none wider than `width` (≥ 20). Titles wrap between words before anything is lost. Where there is
 * still no room, the columns to keep are cut down to a third of the width, then the others dropped one by one, and last
 * the ones to keep cut further, the widest first.
 */
export function fitTable(columns: readonly TableColumn[], width: number, colours: Colours = plain): string[] {
  const shown = [...columns];
  const natural = (column: TableColumn): number =>
    Math.max(...[...titleWords(column), ...column.cells].map((text) => [...text].length));
  const total = (widths: readonly number[]): number =>
    widths.reduce((sum, w) => sum + w, 0) + GAP * Math.max(0, widths.length - 1);

  const widths = shown.map(natural);
  const cutTo = Math.max(MODEST, Math.floor(width / 3));
  for (const [i, { keep }] of shown.entries()) {
    const over = total(widths) - width;
    if (keep === 0 && over > 0)
      widths[i] = Math.min(widths[i] ?? 0, Math.max(cutTo, (widths[i] ?? 0) - over));
  }
  while (total(widths) > width) {
    const last = Math.max(...shown.map(({ keep }) => keep));
    if (last === 0) break;
    const index = shown.findLastIndex(({ keep }) => keep === last);
    shown.splice(index, 1);
    widths.splice(index, 1);
  }
  while (total(widths) > width && Math.max(...widths) > LEAST) {
    widths[widths.indexOf(Math.max(...widths))] = Math.max(...widths) - 1;
  }

  const titles = shown.map((column, i) => wrapWords(column.title, widths[i] ?? 0));
  const height = Math.max(0, ...titles.map(({ length }) => length));
  const line = (
    cell: (column: TableColumn, i: number) => string,
    style?: (text: string, i: number) => string,
  ): string =>
    shown
      .map((column, i) => {
        const text = truncate(cell(column, i), widths[i] ?? 0);
        return pad(text === "" || !style ? text : style(text, i), widths[i] ?? 0, column.align);
      })
      .join(" ".repeat(GAP))
      .trimEnd();

  const head = Array.from({ length: height }, (_, k) =>
    line(
      (_, i) => titles[i]?.[k - height + (titles[i]?.length ?? 0)] ?? "",
      (text) => colours.bold(text),
    ),
  );
  const units = shown.some(({ unit }) => unit)
    ? [
        line(
          ({ unit }) => unit ?? "",
          (text) => colours.dim(text),
        ),
      ]
    : [];
  const rule = colours.dim("─".repeat(Math.min(width, total(widths))));
  const rows = Math.max(0, ...shown.map(({ cells }) => cells.length));
  const body = Array.from({ length: rows }, (_, row) =>
    line(
      ({ cells }) => cells[row] ?? "",
      (text, i) => shown[i]?.style?.(text, row) ?? text,
    ),
  );
  return [...head, ...units, rule, ...body];
}

const titleWords = ({ title, unit = "" }: TableColumn): string[] => [...title.split(" "), unit];

/** Words put on lines of at most `width`; a longer word has a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && [...last].length + 1 + [...word].length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
