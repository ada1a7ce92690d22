import { findingsOf } from "../compare/findings.ts";
import { summarizeRows } from "../compare/summarizeRows.ts";
import { lossRanges } from "./chartScales.ts";
import type { CompareReport, Fact } from "./compareReport.ts";
import { costBars } from "./costBars.ts";
import { type Html, html, raw } from "./html.ts";
import { closeUpTransform, lossChart } from "./lossChart.ts";
import { pageScript } from "./pageScript.ts";
import { pageStyle } from "./pageStyle.ts";
import { recipeCards } from "./recipeCards.ts";
import { runTable, validationTable } from "./runTables.ts";
import { seriesOf } from "./series.ts";
import { summaryTable } from "./summaryTable.ts";
import { textStyle } from "./texts/textSection.ts";
import { themeSwitch } from "./themeSwitch.ts";
import { watchStyle } from "./watch/watchSection.ts";

/**
 * A comparison as one HTML page that needs nothing else: style, script and drawings are inside, and nothing is fetched.
 * The same data gives the same page to the last byte. All text is escaped. Without a script the page is complete but
 * for the readout under the pointer; theme, axes and legend are plain form controls read by the style sheet.
 */
export function renderReport(report: CompareReport): string {
  const rows = report.runs.map(({ row }) => row);
  const summaries = summarizeRows(rows);
  const series = seriesOf(report.runs);
  const { headline, details } = findingsOf(rows);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${report.title}</title>
<style>${raw(pageStyle(Math.max(series.length, report.watched?.names.length ?? 0), closeUpTransform(lossRanges(series))))}${report.watched && raw(watchStyle)}${report.texts && raw(textStyle)}</style>
</head>
<body>
<main>
<header>
<div class="top"><p class="brand">${report.brand ?? "steepest compare"}</p>${themeSwitch()}</div>
<h1>${report.title}</h1>
<p class="headline">${headline}</p>
${details.map((sentence) => html`<p>${sentence}</p>`)}
${facts(report.job)}
</header>
<section aria-labelledby="h-loss"><h2 id="h-loss">Loss</h2>
${lossChart(series)}
</section>
${
  report.paths &&
  html`<section aria-labelledby="h-paths"><h2 id="h-paths">Paths</h2>
<figure>${report.paths}<figcaption>A ring where it begins, a dot for each step, a disc where it ends; crosses are minima. From contour to contour the height above the minimum changes by one factor.</figcaption></figure>
</section>`
}
${report.watched?.section}
${report.texts}
<section aria-labelledby="h-results"><h2 id="h-results">Results</h2>
${summaryTable(summaries)}
</section>
<section aria-labelledby="h-cost"><h2 id="h-cost">What a step costs</h2>
${costBars(summaries)}
</section>
<section aria-labelledby="h-recipes"><h2 id="h-recipes">Recipes</h2>
${recipeCards(report.recipes)}
</section>
<section aria-labelledby="h-numbers"><h2 id="h-numbers">Numbers</h2>
<details><summary>Validation loss by step</summary>${validationTable(series)}</details>
<details><summary>Every run</summary>${runTable(report.runs)}</details>
</section>
<section aria-labelledby="h-repeat"><h2 id="h-repeat">Repeat it</h2>
<div class="command"><pre tabindex="0" aria-label="Command">${report.command}</pre><button type="button" id="copy" hidden>Copy</button></div>
${facts(report.environment)}
</section>
</main>
<script>${raw(pageScript)}</script>
</body>
</html>
`;
  return page.text;
}

const facts = (list: readonly Fact[]): Html =>
  html`<dl class="facts">${list.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
