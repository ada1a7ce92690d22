import { bestOf } from "../compare/bestOf.ts";
import type { OptimizerSummary } from "../compare/summarizeRows.ts";
import { summaryColumns } from "../compare/summaryColumns.ts";
import { type Html, html } from "./html.ts";
import { labelHtml } from "./labelHtml.ts";

/**
 * One line for each optimizer, best values marked. On a phone the style sheet turns lines into cards; the roles keep
 * it a table for screen readers where `display` would take that away.
 */
export function summaryTable(summaries: readonly OptimizerSummary[]): Html {
  const columns = summaryColumns(summaries);
  const best = columns.map(({ measure }) => bestOf(summaries, measure));
  return html`<table class="summary" role="table">
<caption class="visually-hidden">Results of every optimizer, mean over its finished seeds; the best value of each column is marked</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">optimizer</th>${columns.map(
    ({ title, unit }) => html`<th role="columnheader" scope="col">${title}<small>${unit}</small></th>`,
  )}</tr></thead>
<tbody role="rowgroup">${summaries.map(
    (summary, i) => html`<tr role="row">
<th role="rowheader" scope="row"><div class="named"><span class="swatch s${i}"></span><span>${labelHtml(summary.label)}${stopped(summary)}</span></div></th>${columns.map(
      (column, j) =>
        html`<td role="cell" data-title="${column.title}, ${column.unit}"${
          best[j]?.has(summary.label) ? html` class="best"` : ""
        }><span>${column.cell(summary)}${
          best[j]?.has(summary.label) ? html`<span class="visually-hidden"> (best)</span>` : ""
        }${note(column.note(summary))}</span></td>`,
    )}</tr>`,
  )}</tbody></table>`;
}

function stopped({ rows, finished }: OptimizerSummary): Html | "" {
  if (finished === rows.length) return "";
  const worst = (["diverged", "failed"] as const).find((how) => rows.some(({ status }) => status === how));
  const how = worst ?? "interrupted";
  return html` <span class="badge">${rows.length === 1 ? how : `${rows.length - finished} of ${rows.length} ${how}`}</span>`;
}

const note = (text: string): Html | "" => (text === "" ? "" : html`<small>${text}</small>`);
