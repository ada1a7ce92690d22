import type { Family } from "steepest";

import { wrapWords } from "../../text/fitTable.ts";
import { type Colours, plain } from "../../text/terminalColours.ts";
import { wrapTable } from "../../text/wrapTable.ts";
import { familyHeadings, legend, type SpectrumRow, spectrumRows } from "./spectraTable.ts";

/** The two spectra for a terminal, a table for each family, no line wider than `width` (≥ 40). */
export function spectraList(width: number, colours: Colours = plain): string[] {
  const lines: string[] = [];
  let count = 0;
  for (const [family, heading] of Object.entries(familyHeadings)) {
    const rows = spectrumRows(family as Family);
    count += rows.length;
    const cells = (field: keyof SpectrumRow): string[] => rows.map((row) => row[field]);
    /** Right-aligned. */
    const numbers = (
      title: string,
      field: keyof SpectrumRow,
    ): { title: string; cells: string[]; weight: 0 } => {
      const own = cells(field);
      const widest = Math.max(title.length, ...own.map(({ length }) => length));
      return { title: title.padStart(widest), cells: own.map((cell) => cell.padStart(widest)), weight: 0 };
    };
    const table = wrapTable(
      [
        { title: "name", cells: cells("name"), weight: 0, style: colours.cyan },
        { title: "structure or norm", cells: cells("geometry"), weight: 3 },
        { title: "computation", cells: cells("computation"), weight: 2, fromWidth: 110 },
        { title: "state by formula", cells: cells("formula"), weight: 2, fromWidth: 80 },
        { ...numbers("state", "state"), fromWidth: 60 },
        { ...numbers("ms", "ms"), fromWidth: 66 },
        { ...numbers("loss", "loss"), fromWidth: 72 },
      ],
      width,
      colours,
    );
    lines.push(...wrapWords(heading, width).map((line) => colours.bold(line)), "", ...table, "");
  }
  lines.push(...wrapWords(legend, width));
  const end = `${count} optimizers. steepest optimizers NAME shows one, --summaries says what each is for.`;
  return [...lines, ...wrapWords(end, width)];
}
