import { type Html, html } from "./html.ts";

/** Chooses between the colours of the system, light and dark; read by the style sheet alone. */
export function themeSwitch(): Html {
  const choices = [
    ["auto", "Auto"],
    ["light", "Light"],
    ["dark", "Dark"],
  ] as const;
  return html`<fieldset class="theme"><legend class="visually-hidden">Colours of the page</legend>${choices.map(
    ([id, text], i) =>
      html`<input type="radio" name="theme" id="theme-${id}"${i === 0 ? html` checked` : ""}><label for="theme-${id}">${text}</label>`,
  )}</fieldset>`;
}
