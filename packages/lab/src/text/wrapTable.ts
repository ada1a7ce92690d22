import { wrapWords } from "./fitTable.ts";
import { type Colours, plain } from "./terminalColours.ts";
import { pad, truncate } from "./visibleWidth.ts";

/** A column of texts. */
export interface TextColumn {
  readonly title: string;
  readonly cells: readonly string[];
  /** Its part of the room that is left; 0: as wide as its widest cell, never wrapped. */
  readonly weight: number;
  /** Left out where the table is narrower. */
  readonly fromWidth?: number;
  readonly style?: (text: string) => string;
}

const GAP = 2;

/** A table of texts as lines, none wider than `width`: long cells go on in further lines of their row. */
export function wrapTable(columns: readonly TextColumn[], width: number, colours: Colours = plain): string[] {
  const shown = columns.filter(({ fromWidth = 0 }) => width >= fromWidth);
  const widest = ({ title, cells }: TextColumn): number =>
    Math.max(...[title, ...cells].map((text) => [...text].length));
  const fixed = shown.filter(({ weight }) => weight === 0);
  const room = width - GAP * (shown.length - 1) - fixed.reduce((sum, column) => sum + widest(column), 0);
  const weights = shown.reduce((sum, { weight }) => sum + weight, 0);
  const widths = shown.map((column) =>
    column.weight === 0
      ? Math.min(widest(column), Math.floor(width / 2))
      : Math.max(8, Math.min(widest(column), Math.floor((room * column.weight) / weights))),
  );
  const line = (
    texts: readonly string[],
    style: (i: number) => ((text: string) => string) | undefined,
  ): string =>
    texts
      .map((text, i) => {
        const cut = truncate(text, widths[i] ?? 0);
        return pad(cut === "" ? cut : (style(i)?.(cut) ?? cut), widths[i] ?? 0);
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  const rows = Math.max(0, ...shown.map(({ cells }) => cells.length));
  const body = Array.from({ length: rows }, (_, row) => {
    const cells = shown.map(({ cells, weight }, i) =>
      weight === 0 ? [cells[row] ?? ""] : wrapWords(cells[row] ?? "", widths[i] ?? 0),
    );
    const height = Math.max(1, ...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, k) =>
      line(
        cells.map((lines) => lines[k] ?? ""),
        (i) => shown[i]?.style,
      ),
    );
  });
  const total = widths.reduce((sum, w) => sum + w, 0) + GAP * (shown.length - 1);
  const head = line(
    shown.map(({ title }) => title),
    () => colours.bold,
  );
  return [head, colours.dim("─".repeat(Math.min(width, total))), ...body.flat()];
}
