import { damaged, isPart, type PartSettings, unsupported } from "./part.ts";
import { regexSource } from "./regexSource.ts";

/** The `pattern` of a part, `{ "String": … }` or `{ "Regex": … }`, as a global expression. */
export function readPattern(settings: PartSettings): RegExp {
  const pattern = settings.value("pattern");
  const [[kind, text] = [], ...others] = isPart(pattern) ? Object.entries(pattern) : [];
  if (typeof text !== "string" || text === "" || others.length > 0) {
    throw damaged(`a pattern is ${JSON.stringify(pattern) ?? "missing"}`);
  }
  if (kind === "String") return new RegExp(literally(text), "gv");
  if (kind !== "Regex")
    throw damaged(`a pattern is of the kind ${JSON.stringify(kind)}, not String or Regex`);
  try {
    return new RegExp(regexSource(text), "gv");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unsupported(`the expression ${JSON.stringify(text)}`);
  }
}

/** A text as an expression that matches just that. */
export const literally = (text: string): string =>
  [...text].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join("");
