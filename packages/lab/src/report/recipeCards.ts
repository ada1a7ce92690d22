import type { RecipeUsed } from "./compareReport.ts";
import { type Html, html } from "./html.ts";
import { labelHtml } from "./labelHtml.ts";
import { formulaLines } from "./optimizers/formulaLines.ts";

/** Formula, options and source of every optimizer compared. */
export function recipeCards(recipes: readonly RecipeUsed[]): Html {
  return html`<div class="recipes">${recipes.map(
    (recipe, i) => html`<article class="s${i}">
<h3 class="named"><span class="swatch"></span>${labelHtml(recipe.label)}</h3>
<p class="family">${recipe.family}</p>
<p>${recipe.summary}</p>
<pre tabindex="0" aria-label="Update rule of ${recipe.label}">${formulaLines(recipe.formula).join("\n")}</pre>
<dl class="options">${recipe.options.map(
      ({ name, value, changed }) =>
        html`<div${changed ? html` class="changed"` : ""}><dt>${name}</dt><dd>${value}${changed ? html`<span class="visually-hidden"> (not the default)</span>` : ""}</dd></div>`,
    )}</dl>
<p class="source">State of an m × n weight: ${recipe.state}. Source: ${recipe.source}</p>
</article>`,
  )}</div>`;
}
