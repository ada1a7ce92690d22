import type { Token, Tokens } from "marked";

/** The text of a piece of Markdown without its marks. */
export function plainText(token: Token): string {
  switch (token.type) {
    case "space":
    case "hr":
    case "html":
      return "";
    case "br":
      return " ";
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => row.map(({ tokens }) => textOf(tokens)).join(" ")).join(" ");
    }
    case "list":
      return (token as Tokens.List).items.map(({ tokens }) => textOf(tokens, " ")).join(" ");
    default:
      if ("tokens" in token && token.tokens !== undefined)
        return textOf(token.tokens, token.type === "blockquote" ? " " : "");
      return "text" in token ? String(token.text) : "";
  }
}

const textOf = (tokens: readonly Token[], between = ""): string => tokens.map(plainText).join(between);
