import type { View } from "./chartScales.ts";
import { type Html, html, raw } from "./html.ts";
import type { Scale } from "./scale.ts";
import type { Series, SeriesPoint } from "./series.ts";

/** Side of the square that the plot is drawn in, before the page stretches it. */
export const SIZE = 10_000;

/** Raw losses, band, line and validation dots of one optimizer in one view. */
export function plotMarks(series: Series, view: View, losses: Scale): Html {
  const x = (point: SeriesPoint): number => Math.round(view.scale.at(point[view.x]) * SIZE);
  const y = (loss: number): number => Math.round((1 - losses.at(loss)) * SIZE);
  const shown = (points: readonly SeriesPoint[]): readonly SeriesPoint[] =>
    view.scale.kind === "log" ? points.filter((point) => point[view.x] >= view.scale.low) : points;
  const train = shown(series.train);
  const validation = shown(series.validation);
  const line = (points: readonly SeriesPoint[], loss: (point: SeriesPoint) => number): string =>
    path(points.map((point) => [x(point), y(loss(point))]));

  const spread = validation.filter(({ low, high }) => high > low);
  return html`<g class="series s${series.colour}">
<path class="raw" d="${raw(line(shown(series.raw), ({ mean }) => mean))}"/>
${series.seeds > 1 ? html`<path class="band" d="${raw(band(train, x, y))}"/>` : ""}
<path class="line" d="${raw(line(train, ({ mean }) => mean))}"/>
${spread.length > 0 ? html`<path class="whisker" d="${raw(spread.map((p) => `M${x(p)} ${y(p.low)}V${y(p.high)}`).join(""))}"/>` : ""}
<path class="dots-rim" d="${raw(validation.map((p) => `M${x(p)} ${y(p.mean)}h0`).join(""))}"/>
<path class="dots" d="${raw(validation.map((p) => `M${x(p)} ${y(p.mean)}h0`).join(""))}"/>
</g>`;
}

function band(
  points: readonly SeriesPoint[],
  x: (p: SeriesPoint) => number,
  y: (loss: number) => number,
): string {
  const upper = points.map((p) => [x(p), y(p.high)] as const);
  const lower = points.map((p) => [x(p), y(p.low)] as const).reverse();
  return points.length === 0 ? "" : `${path([...upper, ...lower])}Z`;
}

/** Absolute start, then relative lines: about half the length of absolute ones. */
function path(points: readonly (readonly [x: number, y: number])[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let [px, py] = first;
  const moves = rest.map(([x, y]) => {
    const move = `${x - px} ${y - py}`;
    [px, py] = [x, y];
    return move;
  });
  return `M${first[0]} ${first[1]}${moves.length > 0 ? `l${moves.join(" ")}` : ""}`;
}
