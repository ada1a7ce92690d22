/** A piece of markup that is safe to insert as it stands. Made by `html` and `raw` only. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

type Piece = Html | string | number | undefined | false | readonly Piece[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe between tags and inside quoted attributes. Control characters are shown, not sent. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c).replace(/[^\P{Cc}\n\t]/gu, "\u{fffd}"); // a browser drops or rewrites most of them
}

/**
 * Markup from a template. Every value put in is escaped, except what `html` or `raw` made before; lists are
 * joined; `undefined` and `false` leave nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Html(strings.map((text, i) => (i === 0 ? text : render(values[i - 1]) + text)).join(""));
}

/** Markup that the caller vouches for: style sheets, scripts and path data written by this package. */
export const raw = (text: string): Html => new Html(text);

/**
 * JSON for a `<script type="application/json">`: `<` is written as an escape, so that no text inside can
 * close the element or open a comment.
 */
export function jsonForScript(value: unknown): Html {
  return raw(
    JSON.stringify(value)
      .replace(/</g, "\\u003c")
      .replace(/\u2028/g, "\\u2028")
      .replace(/\u2029/g, "\\u2029"),
  );
}

function render(piece: Piece): string {
  if (piece === undefined || piece === false) return "";
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "object") return piece.map(render).join("");
  return escapeHtml(String(piece));
}
