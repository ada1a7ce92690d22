import {
  formatAccuracy,
  formatBytes,
  formatCount,
  formatLoss,
  formatMs,
  formatShare,
} from "../text/quantities.ts";
import type { CompareReport } from "./compareReport.ts";
import { type Html, html } from "./html.ts";
import type { Series } from "./series.ts";

/** Every run with its folder. */
export function runTable(runs: CompareReport["runs"]): Html {
  const classes = runs.some(({ row }) => typeof row.valAccuracy === "number");
  const heads = [
    "optimizer",
    "seed",
    "steps",
    "validation loss",
    ...(classes ? ["validation accuracy"] : []),
    "train loss",
    "steps to reach",
    "ms a step",
    "in optimizer",
    "peak memory",
    "folder",
  ];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Every run"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${runs.map(
    ({
      row,
    }) => html`<tr><th scope="row">${row.label}</th><td>${row.seed}</td><td>${formatCount(row.steps)}</td>
<td>${formatLoss(row.valLoss)}</td>${classes ? html`<td>${formatAccuracy(row.valAccuracy)}</td>` : ""}<td>${formatLoss(row.trainLoss)}</td><td>${formatCount(row.stepsToReference)}</td>
<td>${formatMs(row.msPerStep)}</td><td>${formatShare(row.optimizerShare)}</td><td>${formatBytes(row.peakRssBytes)}</td>
<td class="text">${row.status === "finished" ? "" : html`<span class="badge">${row.status}</span> `}${row.error === undefined ? "" : html`${row.error} `}<code>${row.runDir ?? "none"}</code></td></tr>`,
  )}</tbody></table></div>`;
}

/** The validation losses of the chart as numbers, mean over seeds: at most about twenty steps. */
export function validationTable(series: readonly Series[]): Html {
  const all = [...new Set(series.flatMap(({ validation }) => validation.map(({ step }) => step)))].sort(
    (a, b) => a - b,
  );
  const stride = Math.max(1, Math.ceil(all.length / 20));
  const steps = all.filter((_, i) => (all.length - 1 - i) % stride === 0);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Validation loss by step"><table>
<thead><tr><th scope="col">step</th>${series.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${steps.map(
    (step) =>
      html`<tr><th scope="row">${formatCount(step)}</th>${series.map(
        ({ validation }) =>
          html`<td>${formatLoss(validation.find((point) => point.step === step)?.mean)}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`;
}
