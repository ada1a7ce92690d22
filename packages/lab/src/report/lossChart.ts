import { formatDuration } from "../text/formatDuration.ts";
import { formatCount } from "../text/quantities.ts";
import { type LossRanges, lossRanges, type View, viewsOf } from "./chartScales.ts";
import { endLabels } from "./endLabels.ts";
import { type Html, html, jsonForScript } from "./html.ts";
import { legend } from "./legend.ts";
import { plotMarks, SIZE } from "./plotMarks.ts";
import type { Scale } from "./scale.ts";
import type { Series } from "./series.ts";

/**
 * Training and validation loss of every optimizer, in four views drawn beforehand: the style sheet shows the one whose
 * radio buttons are chosen, so that axes, close-up and legend work without a script. The plot stretches with the page
 * and the text does not: marks are SVG without an aspect ratio, labels are HTML at percentages.
 */
export function lossChart(series: readonly Series[]): Html {
  if (!series.some(({ train, validation }) => train.length + validation.length > 0)) {
    return html`<p class="empty">No run got as far as a first loss, so there is nothing to draw.</p>`;
  }
  const views = viewsOf(series);
  const ranges = lossRanges(series);
  return html`<figure class="chart" id="loss-chart">
${controls(ranges)}
${legend(series)}
<div class="plot-frame">
<div class="y-title" aria-hidden="true">loss</div>
<div class="plot" id="plot">
${yAxis("whole", ranges.whole)}
${ranges.close === ranges.whole ? "" : yAxis("close", ranges.close)}
${views.map((view) => drawView(view, series, ranges))}
${endLabels(series, ranges)}
<div class="crosshair" id="crosshair" hidden></div>
</div>
</div>
<figcaption>${caption(series)}</figcaption>
<script type="application/json" id="chart-data">${jsonForScript(readoutData(series, views, ranges))}</script>
</figure>`;
}

/** What the style sheet needs to turn the whole range into the close one: y ↦ scale · y + shift, in plot units. */
export function closeUpTransform({ whole, close }: LossRanges): { scale: number; shift: number } {
  const scale = (whole.high - whole.low) / (close.high - close.low);
  return { scale, shift: SIZE * (1 - close.at(whole.high)) };
}

function controls(ranges: LossRanges): Html {
  const group = (
    name: string,
    title: string,
    choices: readonly (readonly [id: string, text: string])[],
  ): Html =>
    html`<fieldset><legend>${title}</legend>${choices.map(
      ([id, text], i) =>
        html`<input type="radio" name="${name}" id="${id}"${i === 0 ? html` checked` : ""}><label for="${id}">${text}</label>`,
    )}</fieldset>`;
  return html`<div class="controls">
${group("x", "Across", [
  ["x-step", "Steps"],
  ["x-seconds", "Time"],
])}
${group("scale", "Axis", [
  ["scale-linear", "Linear"],
  ["scale-log", "Log"],
])}
${
  ranges.close === ranges.whole
    ? ""
    : group("range", "Loss", [
        ["range-whole", "Whole run"],
        ["range-close", "Close-up"],
      ])
}
</div>`;
}

function yAxis(range: string, scale: Scale): Html {
  const digits = tickDigits(scale.ticks);
  return html`<div class="y-axis range-${range}" aria-hidden="true">${scale.ticks.map(
    (tick) => html`<i style="bottom:${percent(scale.at(tick))}"><b>${tick.toFixed(digits)}</b></i>`,
  )}</div>`;
}

function drawView(view: View, series: readonly Series[], ranges: LossRanges): Html {
  const format = view.x === "step" ? formatTick : (tick: number) => (tick === 0 ? "0" : shortDuration(tick));
  return html`<div class="view view-${view.id}">
<div class="x-axis" aria-hidden="true">${view.scale.ticks.map(
    (tick) => html`<i style="left:${percent(view.scale.at(tick))}"><b>${format(tick)}</b></i>`,
  )}<em>${view.x === "step" ? "step" : "training time"}</em></div>
<svg viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none" aria-hidden="true" focusable="false"><g class="marks">
${series.map((one) => plotMarks(one, view, ranges.whole))}
</g></svg>
</div>`;
}

function caption(series: readonly Series[]): string {
  const seeds = Math.max(...series.map((one) => one.seeds));
  const bands = seeds > 1 ? ` Lines are means over ${seeds} seeds, bands their range.` : "";
  return (
    "Line: training loss, averaged over 2 % of the run to each side; behind it, faint, the loss of each step. " +
    `Dots: validation loss.${bands} Time counts training steps only, not validation.`
  );
}

/** What the script reads to answer "what is where". Rounded: it is for reading, not for computing. */
function readoutData(
  series: readonly Series[],
  views: readonly View[],
  { whole, close }: LossRanges,
): unknown {
  const short = (value: number): number => Number(value.toPrecision(6));
  const ends = ({ low, high }: Scale): number[] => [low, high];
  return {
    views: Object.fromEntries(views.map(({ id, scale }) => [id, ends(scale)])),
    ranges: { whole: ends(whole), close: ends(close) },
    series: series.map(({ label, train, validation }) => ({
      label,
      step: train.map(({ step }) => step),
      seconds: train.map(({ seconds }) => short(seconds)),
      train: train.map(({ mean }) => short(mean)),
      validation: validation.map(({ step, seconds, mean }) => [step, short(seconds), short(mean)]),
    })),
  };
}

const percent = (fraction: number): string => `${Number((fraction * 100).toFixed(3))}%`;
const formatTick = (tick: number): string =>
  tick >= 10_000 ? `${formatCount(tick / 1000)}k` : formatCount(tick);
const tickDigits = (ticks: readonly number[]): number =>
  Math.max(0, ...ticks.map((tick) => (String(tick).split(".")[1] ?? "").length));

function shortDuration(seconds: number): string {
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  return formatDuration(seconds).replace(/ min 00 s$/, " min");
}
