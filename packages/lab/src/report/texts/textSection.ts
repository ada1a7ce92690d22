import { formatCount } from "../../text/quantities.ts";
import { type Html, html } from "../html.ts";
import { labelHtml } from "../labelHtml.ts";
import type { TextAt, TextsOfRun } from "./textsOfRun.ts";

/** Texts of a run on the page; more are thinned out evenly. */
const MOST = 12;

/** The part of a report on what runs wrote, the first of each label that wrote; undefined where none did. */
export function textSection(runs: readonly TextsOfRun[]): Html | undefined {
  const first = new Map<string, readonly TextAt[]>();
  const place = new Map<string, number>();
  for (const { label, texts } of runs) {
    if (!place.has(label)) place.set(label, place.size);
    if (texts.length > 0 && !first.has(label)) first.set(label, texts);
  }
  if (first.size === 0) return undefined;
  const written = [...first].map(
    ([label, texts]) => html`<article class="s${place.get(label)}">
<h3 class="named"><span class="swatch"></span>${labelHtml(label)}</h3>
${thinned(texts).map(
  ({ step, text }, i, { length }) =>
    html`<details${i === length - 1 && html` open`}><summary>${step === "end" ? "After training" : `After step ${formatCount(step)}`}</summary><pre>${text}</pre></details>
`,
)}</article>`,
  );
  return html`<section aria-labelledby="h-texts"><h2 id="h-texts">What it wrote</h2>
<p>The beginning of the validation text, continued with the same random numbers each time.</p>
<div class="texts">${written}</div>
</section>`;
}

/** The last, and evenly spread ones before it. */
function thinned(texts: readonly TextAt[]): readonly TextAt[] {
  if (texts.length <= MOST) return texts;
  const at = Array.from({ length: MOST }, (_, i) => Math.round(((i + 1) * texts.length) / MOST) - 1);
  return at.flatMap((index) => texts[index] ?? []);
}

export const textStyle = `.texts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:24px 32px;align-items:start}
.texts article{min-width:0}.texts pre{margin:8px 0 4px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}`;
