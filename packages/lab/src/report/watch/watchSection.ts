import { formatLoss } from "../../text/quantities.ts";
import { type Html, html } from "../html.ts";
import { labelHtml } from "../labelHtml.ts";
import { type SpectrumAt, spectrumFigure } from "./spectrumFigure.ts";
import { watchCharts } from "./watchCharts.ts";
import type { WatchedRun } from "./watchedRun.ts";
import { watchFigure } from "./watchFigure.ts";
import { lineNames, watchSeries } from "./watchSeries.ts";

/** The part of a report on what was watched; undefined where nothing was. `names` are the lines, for the page's colours. */
export function watchSection(
  runs: readonly WatchedRun[],
): { readonly section: Html; readonly names: readonly string[] } | undefined {
  const watched = runs.filter(({ lines }) => lines.length > 0);
  if (watched.length === 0) return undefined;
  const names = lineNames(watched);
  const charts = watchCharts.flatMap((chart) => {
    const points = watchSeries(chart, watched);
    if (points.length === 0) return [];
    const own = points.some(({ line }) => names.includes(line)) ? names : chart.metrics;
    const legend = own !== names && html`<ul class="keys small">${own.map(keyOf)}</ul>`;
    return [html`<figure><h3>${chart.title}</h3>${legend}${watchFigure(chart, points, own)}</figure>`];
  });
  const maps = spectrumMaps(watched);
  const { l0, l1 } = smoothnessOf(watched);
  const section = html`<section aria-labelledby="h-watch"><h2 id="h-watch">Watched on the way</h2>
<ul class="keys">${names.map(keyOf)}</ul>
<div class="watch">${charts}</div>
${l0 !== undefined && html`<p>The gradients of a batch before and after a step fit L0 = ${formatLoss(l0)} and L1 = ${formatLoss(l1)}.</p>`}
${
  maps.length > 0 &&
  html`<h3>Spectra over the steps</h3><div class="watch">${maps}</div>
<figcaption>Of one matrix of each role: its singular values by their place, the largest on top, darker where larger, on a log scale from the smallest of each map (or a ten-thousandth of the largest) to the largest.</figcaption>`
}
<p><small>Every number of every layer is in watch.jsonl of the run; steepest query has it as the tables watch and spectra.</small></p>
</section>`;
  return { section, names };
}

const keyOf = (name: string, i: number): Html =>
  html`<li class="s${i}"><span class="swatch"></span>${labelHtml(name)}</li>`;

/** Of the first run: of the first matrix of each role its weight, update and momentum. */
function spectrumMaps([run]: readonly WatchedRun[]): Html[] {
  const lines = run?.lines.filter(({ arrays }) => arrays !== undefined) ?? [];
  const first = new Map<string, string>();
  for (const { role = "", name } of lines) if (!first.has(role)) first.set(role, name);
  return [...first.values()].flatMap((name) =>
    ["weight", "momentum", "update"].flatMap((matrix) => {
      const spectra = lines.flatMap(({ step, name: own, arrays }): SpectrumAt[] => {
        const values = own === name ? arrays?.[matrix] : undefined;
        return values === undefined || values.length === 0 ? [] : [{ step, values }];
      });
      if (spectra.length < 2) return [];
      const title = `${name}, ${matrix}`;
      const figure = spectrumFigure(spectra, `Singular values of ${title} over the steps`);
      return [html`<figure><h4>${title}</h4>${figure}</figure>`];
    }),
  );
}

/** The last estimates, of a report on one run. */
function smoothnessOf(runs: readonly WatchedRun[]): { l0?: number | undefined; l1?: number | undefined } {
  const [only, other] = runs;
  if (only === undefined || other !== undefined) return {};
  const last = only.lines.findLast(({ diagnostic }) => diagnostic === "smoothness");
  return { l0: last?.values.l0, l1: last?.values.l1 };
}

/** What the section needs of a style sheet. */
export const watchStyle = `.watch{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:22px 20px}
.watch h3,.watch h4{font-size:.9rem;font-weight:600;margin:0 0 4px}.watch svg{max-width:100%;height:auto}
.keys{list-style:none;display:flex;flex-wrap:wrap;gap:6px 20px;margin:0 0 16px;padding:0}.keys.small{font-size:.8rem;margin:0 0 4px;gap:0 12px}`;
