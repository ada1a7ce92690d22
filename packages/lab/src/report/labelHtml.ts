import { type Html, html } from "./html.ts";

/** The name of an optimizer as the user wrote it, options smaller and on lines of their own where they need them. */
export function labelHtml(label: string): Html {
  const colon = label.indexOf(":");
  if (colon < 0) return html`<span class="label"><b>${label}</b></span>`;
  const options = label.slice(colon + 1).split(",");
  return html`<span class="label"><b>${label.slice(0, colon)}</b><span class="visually-hidden">:</span><small>${options.map(
    (option, i) => html`${i > 0 ? ", " : ""}<span>${option}</span>`,
  )}</small></span>`;
}
