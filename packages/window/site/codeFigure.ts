import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import katex from "katex";

import { escapeHtml } from "./escapeHtml.ts";
import { formulaTex } from "./formulaTex.ts";

hljs.registerLanguage("ts", typescript);
hljs.registerLanguage("html", xml);
hljs.registerLanguage("sh", bash);

/** Languages a block may have: code in colours, what a program printed (`text`), and formulas of optimizers (`formula`). */
export const languages = ["ts", "html", "sh", "text", "formula"] as const;
export type Language = (typeof languages)[number];

/** A block of code, coloured, or of formulas, typeset as MathML, with its source to copy. */
export function codeFigure(code: string, language: Language): string {
  if (language === "formula") return formulaFigure(code);
  const shown = language === "text" ? escapeHtml(code) : hljs.highlight(code, { language }).value;
  return `<figure class="code"><pre tabindex="0"><code>${shown}</code></pre></figure>\n`;
}

function formulaFigure(code: string): string {
  const lines = code.split("\n").filter((line) => line.trim() !== "");
  const set = lines.map((line) => `<div class="formula-line">${typeset(formulaTex(line))}</div>`).join("");
  return (
    `<figure class="formula"><div class="formula-lines" tabindex="0" role="group" aria-label="Formula">${set}</div>` +
    `<details><summary>As text</summary><pre tabindex="0"><code>${escapeHtml(code)}</code></pre></details></figure>\n`
  );
}

/** MathML alone: it needs no fonts, no style sheet, and no style attributes, which the policy of the server refuses. */
const typeset = (tex: string): string =>
  katex.renderToString(tex, { output: "mathml", displayMode: true, throwOnError: true, strict: "ignore" });
