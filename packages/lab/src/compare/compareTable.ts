import type { LossCurves } from "../run/runResult.ts";
import { fitTable, type TableColumn } from "../text/fitTable.ts";
import { sparkline } from "../text/sparkline.ts";
import { type Colours, plain } from "../text/terminalColours.ts";
import { bestOf } from "./bestOf.ts";
import type { CompareRow } from "./compareRow.ts";
import { summarizeRows } from "./summarizeRows.ts";
import { summaryColumns } from "./summaryColumns.ts";

const COURSE = 12;

/** One line for each optimizer, best values green, with the course of its first validation curve on a common scale. */
export function compareTable(
  runs: readonly { readonly row: CompareRow; readonly curves: LossCurves }[],
  width: number,
  colours: Colours = plain,
): string[] {
  const summaries = summarizeRows(runs.map(({ row }) => row));
  const curves = summaries.map(({ rows }) =>
    (runs.find(({ row }) => row === rows[0])?.curves.validation ?? []).map(({ loss }) => loss),
  );
  const all = curves.flat().filter(Number.isFinite);
  const start = Math.max(...curves.flatMap((curve) => curve.slice(0, 1)));
  const course: TableColumn = {
    title: "validation",
    unit: "over time",
    align: "left",
    keep: 9,
    cells: curves.map((curve) => sparkline(curve, COURSE, { low: Math.min(...all), high: start })),
  };
  const numbers = summaryColumns(summaries).map((column): TableColumn => {
    const best = bestOf(summaries, column.measure);
    return {
      title: column.title,
      unit: column.unit,
      align: "right",
      keep: column.keep,
      cells: summaries.map((summary) => column.cell(summary)),
      style: (text, row) => (best.has(summaries[row]?.label ?? "") ? colours.green(text) : text),
    };
  });
  const names: TableColumn = {
    title: "optimizer",
    align: "left",
    keep: 0,
    cells: summaries.map(({ label, finished, rows }) => (finished < rows.length ? `${label} ✗` : label)),
    style: (text, row) => (summaries[row]?.finished === 0 ? colours.red(text) : text),
  };
  return fitTable([names, ...numbers, course], width, colours);
}
