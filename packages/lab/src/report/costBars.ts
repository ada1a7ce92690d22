import type { OptimizerSummary } from "../compare/summarizeRows.ts";
import { formatMs, formatRatio, formatShare } from "../text/quantities.ts";
import { type Html, html } from "./html.ts";
import { labelHtml } from "./labelHtml.ts";

/** What a step costs: time, split into model and optimizer, and memory that the optimizer keeps. */
export function costBars(summaries: readonly OptimizerSummary[]): Html {
  const longest = Math.max(...summaries.map(({ msPerStep }) => msPerStep?.mean ?? 0));
  const largest = Math.max(...summaries.map(({ stateFloatsPerParameter }) => stateFloatsPerParameter ?? 0));
  return html`<div class="costs">
<figure><h3>Time of a step, ms</h3>
<ul class="bars">${summaries.map((summary, i) => timeBar(summary, i, longest))}</ul>
<figcaption><span class="patch"></span> loss and gradients, the same work for all <span class="patch own"></span> optimizer</figcaption></figure>
<figure><h3>State, floats per parameter</h3>
<ul class="bars">${summaries.map((summary, i) => stateBar(summary, i, largest))}</ul>
<figcaption>What the optimizer keeps between steps, besides the parameters.</figcaption></figure>
</div>`;
}

function timeBar({ label, msPerStep, optimizerShare }: OptimizerSummary, i: number, longest: number): Html {
  const ms = msPerStep?.mean;
  const share = optimizerShare?.mean;
  const own = (ms ?? 0) * (share ?? 0);
  const aside = share === undefined ? "" : html` <small>${formatShare(share)} in the optimizer</small>`;
  return html`<li class="s${i}"><span class="name">${labelHtml(label)}</span>
<span class="bar" aria-hidden="true"><i style="width:${width((ms ?? 0) - own, longest)}"></i><i class="own" style="width:${width(own, longest)}"></i></span>
<span class="amount">${formatMs(ms)}${aside}</span></li>`;
}

function stateBar(
  { label, stateFloatsPerParameter: floats }: OptimizerSummary,
  i: number,
  largest: number,
): Html {
  return html`<li class="s${i}"><span class="name">${labelHtml(label)}</span>
<span class="bar" aria-hidden="true"><i class="own" style="width:${width(floats ?? 0, largest)}"></i></span>
<span class="amount">${formatRatio(floats)}</span></li>`;
}

const width = (part: number, whole: number): string =>
  `${whole > 0 ? ((part / whole) * 100).toFixed(2) : 0}%`;
