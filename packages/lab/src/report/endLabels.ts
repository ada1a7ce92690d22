import { formatLoss } from "../text/quantities.ts";
import { finalLoss, type LossRanges } from "./chartScales.ts";
import { type Html, html } from "./html.ts";
import type { Scale } from "./scale.ts";
import type { Series } from "./series.ts";

const LINE_HEIGHT = 19;
const PLOT_HEIGHT = 440; // as in the style sheet, where these labels are shown

/** Names beside the ends of the curves, for wide pages; moved apart where they would touch. Ends outside the range have none. */
export function endLabels(series: readonly Series[], ranges: LossRanges): Html {
  const both = [["whole", ranges.whole] as const, ["close", ranges.close] as const];
  return html`${both.map(
    ([name, scale]) =>
      html`<div class="end-labels range-${name}" aria-hidden="true">${placed(series, scale).map(
        ({ one, at }) =>
          html`<span class="s${one.colour}" style="top:${at.toFixed(2)}%"><b>${one.label.split(":")[0]}</b> ${formatLoss(finalLoss(one))}</span>`,
      )}</div>`,
  )}`;
}

function placed(series: readonly Series[], scale: Scale): { one: Series; at: number }[] {
  const gap = (LINE_HEIGHT / PLOT_HEIGHT) * 100;
  const wanted = series
    .map((one) => ({ one, at: (1 - scale.at(finalLoss(one))) * 100 }))
    .filter(({ at }) => at >= 0 && at <= 100)
    .sort((a, b) => a.at - b.at);
  const tops = spreadApart(
    wanted.map(({ at }) => at),
    gap,
    100,
  );
  return wanted.map(({ one }, i) => ({ one, at: tops[i] ?? 0 }));
}

/** The sorted positions moved as little as it takes to be `gap` apart and at most `end`; too many overlap evenly. */
export function spreadApart(sorted: readonly number[], gap: number, end: number): number[] {
  const step = Math.min(gap, sorted.length > 1 ? end / (sorted.length - 1) : gap);
  const down: number[] = [];
  for (const at of sorted) down.push(Math.max(at, (down.at(-1) ?? Number.NEGATIVE_INFINITY) + step));
  let limit = end;
  for (let i = down.length - 1; i >= 0; i--) {
    down[i] = Math.min(down[i] ?? 0, limit);
    limit = (down[i] ?? 0) - step;
  }
  return down;
}
