import type { Family } from "steepest";

import { wrapWords } from "../../text/fitTable.ts";
import { formatCountOf } from "../../text/quantities.ts";
import { type Colours, plain } from "../../text/terminalColours.ts";
import { type TextColumn, wrapTable } from "../../text/wrapTable.ts";
import { familyHeadings } from "./familyHeadings.ts";
import { legend } from "./legend.ts";
import type { OptimizerEntry } from "./optimizerEntry.ts";
import { type SpectrumRow, spectrumRows } from "./spectrumRows.ts";

/** The two spectra for a terminal, a table for each family, no line wider than `width` (≥ 40). */
export function spectraTables(width: number, colours: Colours = plain): string[] {
  return familyTables(spectrumRows, width, colours, legend, (rows) => {
    const cells = (field: keyof SpectrumRow): string[] => rows.map((row) => row[field]);
    return [
      { title: "name", cells: cells("name"), weight: 0, style: colours.cyan },
      { title: "structure or norm", cells: cells("geometry"), weight: 3 },
      { title: "computation", cells: cells("computation"), weight: 2, fromWidth: 110 },
      { title: "state by formula", cells: cells("formula"), weight: 2, fromWidth: 80 },
      { ...rightAligned("state", cells("state")), fromWidth: 60 },
      { ...rightAligned("ms", cells("ms")), fromWidth: 66 },
      { ...rightAligned("loss", cells("loss")), fromWidth: 72 },
    ];
  });
}

/** What each is for, its state and its source, a table for each family. */
export function summaryTables(
  entries: readonly OptimizerEntry[],
  width: number,
  colours: Colours = plain,
): string[] {
  const ofFamily = (family: Family) => entries.filter((entry) => entry.family === family);
  return familyTables(ofFamily, width, colours, "State in floats of an m × n weight.", (rows) => [
    { title: "name", cells: rows.map(({ name }) => name), weight: 0, style: colours.cyan },
    { title: "summary", cells: rows.map(({ summary }) => summary), weight: 5 },
    { title: "state", cells: rows.map(({ state }) => state), weight: 2, fromWidth: 60 },
    { title: "source", cells: rows.map(({ source }) => source), weight: 3, fromWidth: 90 },
  ]);
}

function familyTables<Row>(
  rowsOf: (family: Family) => readonly Row[],
  width: number,
  colours: Colours,
  remark: string,
  columnsOf: (rows: readonly Row[]) => readonly TextColumn[],
): string[] {
  const lines: string[] = [];
  let count = 0;
  for (const family of Object.keys(familyHeadings) as Family[]) {
    const rows = rowsOf(family);
    if (rows.length === 0) continue;
    count += rows.length;
    const heading = wrapWords(familyHeadings[family], width).map((line) => colours.bold(line));
    lines.push(...heading, "", ...wrapTable(columnsOf(rows), width, colours), "");
  }
  const end = `${formatCountOf(count, "optimizer")}. steepest optimizers NAME shows one, --summaries says what each is for.`;
  return [...lines, ...wrapWords(remark, width), ...wrapWords(end, width)];
}

function rightAligned(title: string, cells: readonly string[]): TextColumn {
  const widest = Math.max(title.length, ...cells.map(({ length }) => length));
  return { title: title.padStart(widest), cells: cells.map((cell) => cell.padStart(widest)), weight: 0 };
}
