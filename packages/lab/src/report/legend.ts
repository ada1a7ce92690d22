import { formatCount, formatLoss } from "../text/quantities.ts";
import { type Html, html } from "./html.ts";
import { labelHtml } from "./labelHtml.ts";
import type { Series } from "./series.ts";

/**
 * A check box for each optimizer that shows or hides it, with its losses: the last ones, or those under the crosshair.
 */
export function legend(series: readonly Series[]): Html {
  const last = Math.max(0, ...series.map(({ train }) => train.at(-1)?.step ?? 0));
  return html`<div class="legend" id="legend" role="group" aria-label="Optimizers: show or hide, with losses">
<p class="moment"><span id="moment">At the end: step ${formatCount(last)}</span></p>
<ul>${series.map(
    (one) => html`<li class="s${one.colour}">
<input type="checkbox" id="show-${one.colour}" checked><label for="show-${one.colour}">
<svg class="key" viewBox="0 0 26 10" aria-hidden="true"><path class="line" d="M1 5H25"/><path class="dots" d="M13 5h0"/></svg>
<span>${labelHtml(one.label)}${one.finished ? "" : html` <span class="badge">stopped</span>`}
<span class="losses"><span>train <b data-train="${one.colour}">${formatLoss(one.train.at(-1)?.mean)}</b></span> <span>validation <b data-validation="${one.colour}">${formatLoss(one.validation.at(-1)?.mean)}</b></span></span></span>
</label></li>`,
  )}</ul></div>`;
}
