import { describeSettings } from "../../sweep/trial.ts";
import {
  formatCount,
  formatCountOf,
  formatLoss,
  formatMs,
  formatRange,
  MISSING,
} from "../../text/quantities.ts";
import { html, raw } from "../html.ts";
import { labelHtml } from "../labelHtml.ts";
import { pageStyle } from "../pageStyle.ts";
import { themeSwitch } from "../themeSwitch.ts";
import { mapFigure } from "./mapFigure.ts";
import { profileFigure } from "./profileFigure.ts";
import { sweepPoints } from "./sweepPoints.ts";
import type { SweepReport } from "./sweepReport.ts";

/** A sweep as one HTML page that needs nothing else; the same data give the same page to the last byte. All text is escaped. */
export function sweepPage(report: SweepReport): string {
  const { file, findings, made, complete } = report;
  const { axes } = file.spec;
  const points = sweepPoints(report);
  const title = `${findings.map(({ label }) => label.split(":")[0]).join(", ")} over ${axes.map(({ name }) => name).join(", ")}`;
  const profiles = axes.flatMap((axis) => {
    const figure = profileFigure(axis, points, findings);
    return figure === undefined ? [] : [html`<figure class="sweep">${figure}</figure>`];
  });
  const pairs = axes.flatMap((across, i) => axes.slice(i + 1).map((up) => [across, up] as const));
  const maps = pairs.flatMap((pair) =>
    findings.flatMap(({ label }) => {
      const figure = mapFigure(pair, points, label);
      return figure === undefined ? [] : [html`<figure class="sweep"><h3>${label}</h3>${figure}</figure>`];
    }),
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${raw(pageStyle(findings.length, { scale: 1, shift: 0 }))}${raw(STYLE)}</style>
</head>
<body>
<main>
<header>
<div class="top"><p class="brand">steepest sweep</p>${themeSwitch()}</div>
<h1>${title}</h1>
<p class="headline">${headline(report)}</p>
${complete ? "" : html`<p>The sweep is not complete: what follows is what has ended so far.</p>`}
${findings.flatMap(({ label, edges }) => edges.map((edge) => html`<p>${label}: ${edge}, so a better value may lie beyond.</p>`))}
</header>
<section aria-labelledby="h-profiles"><h2 id="h-profiles">Loss by setting</h2>
<ul class="keys">${findings.map(({ label }, i) => html`<li class="s${i}"><span class="swatch"></span>${labelHtml(label)}</li>`)}</ul>
${profiles.length > 0 ? profiles : html`<p>No setting has two values with a loss.</p>`}
<p class="small">A dot for each point, the mean over its seeds; a line through the best point at each value. Points far above the others are at the upper edge.</p>
</section>
${maps.length > 0 && html`<section aria-labelledby="h-maps"><h2 id="h-maps">Two settings together</h2><div class="maps">${maps}</div></section>`}
<section aria-labelledby="h-best"><h2 id="h-best">The best of each optimizer</h2>
<div class="scroll"><table><thead><tr><th scope="col">optimizer</th><th scope="col">validation loss</th><th scope="col">seeds</th><th scope="col" class="text">with</th><th scope="col">points</th><th scope="col">diverged</th><th scope="col">failed</th></tr></thead>
<tbody>${findings.map(
    (
      { label, best, points: count, diverged, failed },
      i,
    ) => html`<tr><th scope="row" class="s${i}"><span class="swatch"></span>${label}</th>
<td>${formatLoss(best?.loss)}</td><td>${best !== null && best.losses.length > 1 ? formatRange(best.losses, formatLoss) : MISSING}</td>
<td class="text">${best === null ? MISSING : describeSettings(best.settings)}</td><td>${formatCount(count)}</td><td>${formatCount(diverged)}</td><td>${formatCount(failed)}</td></tr>`,
  )}</tbody></table></div>
</section>
<section aria-labelledby="h-runs"><h2 id="h-runs">Every run</h2>
<details><summary>${formatCountOf(made.length, "run")}</summary><div class="scroll"><table><thead><tr><th scope="col">optimizer</th><th scope="col" class="text">settings</th><th scope="col">seed</th><th scope="col">steps</th><th scope="col" class="text">how it ended</th><th scope="col">validation loss</th><th scope="col">ms per step</th></tr></thead>
<tbody>${made.map(
    ({ trial, row }) =>
      html`<tr><th scope="row">${trial.label}</th><td class="text">${describeSettings(trial.settings)}</td><td>${trial.seed}</td><td>${formatCount(row.steps)}</td><td class="text">${row.status}${row.error === undefined ? "" : `: ${row.error}`}</td><td>${formatLoss(row.valLoss)}</td><td>${formatMs(row.msPerStep)}</td></tr>`,
  )}</tbody></table></div></details>
</section>
<section aria-labelledby="h-repeat"><h2 id="h-repeat">Repeat it</h2>
<div class="command"><pre tabindex="0" aria-label="Command">${file.command}</pre></div>
<p class="small">Made with Node ${file.environment.node} on ${file.environment.cpu}, ${file.environment.cores} cores, begun ${file.created.slice(0, 10)}. All runs as a table: trials.csv.</p>
</section>
</main>
</body>
</html>
`;
  return page.text;
}

function headline({ findings }: SweepReport): string {
  const ranked = findings
    .flatMap(({ label, best }) => (best === null ? [] : [{ label, ...best }]))
    .sort((a, b) => a.loss - b.loss);
  const [first, second] = ranked;
  if (first === undefined) return "No run of all steps has finished.";
  const lead = `${first.label} is best with ${describeSettings(first.settings)}: ${formatLoss(first.loss)}`;
  return second === undefined
    ? `${lead}.`
    : `${lead}; ${second.label} comes to ${formatLoss(second.loss)} with ${describeSettings(second.settings)}.`;
}

const STYLE = `figure.sweep{margin:0 0 28px}figure.sweep svg{max-width:100%;height:auto}
.keys{list-style:none;display:flex;flex-wrap:wrap;gap:6px 20px;margin:0 0 12px;padding:0}.maps{display:flex;flex-wrap:wrap;gap:20px 40px}
th.text{text-align:left}
.small{font-size:.85rem;color:var(--soft)}`;
