import { bestOf } from "../compare/bestOf.ts";
import type { CompareRow } from "../compare/compareRow.ts";
import { summarizeRows } from "../compare/summarizeRows.ts";
import { summaryColumns } from "../compare/summaryColumns.ts";

/**
 * A comparison as a markdown table (GitHub flavour): a line for each optimizer, best values bold, the range over seeds
 * in brackets.
 */
export function compareMarkdown(rows: readonly CompareRow[]): string {
  const summaries = summarizeRows(rows);
  const columns = summaryColumns(summaries).map((column) => ({
    ...column,
    best: bestOf(summaries, column.measure),
  }));
  const head = ["optimizer", ...columns.map(({ title, unit }) => `${title}, ${unit}`)];
  const body = summaries.map((summary) => {
    const { label, finished, rows } = summary;
    const name =
      finished === rows.length
        ? label
        : `${label} (${rows.length - finished} of ${rows.length} did not finish)`;
    return [
      name,
      ...columns.map(({ cell, note, best }) => {
        const text = best.has(label) ? `**${cell(summary)}**` : cell(summary);
        return note(summary) === "" ? text : `${text} (${note(summary)})`;
      }),
    ];
  });
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(head), `| --- |${" ---: |".repeat(columns.length)}`, ...body.map(line)].join("\n");
}

/** A bar would end the cell, a line break the table; angle brackets would be markup. */
const escapeCell = (text: string): string =>
  text
    .replace(/[\\|]/g, "\\$&")
    .replace(/</g, "&lt;")
    .replace(/\s*\n\s*/g, " ");
