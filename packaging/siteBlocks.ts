import { Marked, type Tokens } from "marked";

import { languageOf } from "../packages/window/site/renderPage.ts";
import { writtenSources } from "../packages/window/site/siteSource.ts";

/**
 * What becomes of a block of code of the docs. `run`: compiled and run against the packed packages (`npm run packages`);
 * `browser`: compiled there, run in a browser by a test of the window; `part`: a part of a larger file that it stands in; `command`:
 * its lines are read as a shell and the command would read them, nothing is run; `shown`: no code.
 */
export type BlockUse = "run" | "browser" | "part" | "command" | "shown";

export interface SiteBlock {
  /** A name for a file: `docs-training-1`. */
  readonly name: string;
  readonly path: string;
  readonly code: string;
  readonly use: BlockUse;
}

/** Whose TypeScript needs a page. */
const inBrowser = ["docs/browser.md"];
/** Whose TypeScript is a line of a list of this repository, which the types check where it stands. */
const parts = ["packages/window/README.md"];

/** Every block of code of the written pages of the docs. */
export function siteBlocks(): SiteBlock[] {
  return writtenSources().flatMap((source) => {
    const tokens: Tokens.Code[] = [];
    const marked = new Marked();
    marked.walkTokens(marked.lexer(source.markdown), (token) => {
      if (token.type === "code") tokens.push(token as Tokens.Code);
    });
    return tokens.map((token, i) => ({
      name: `${source.path.replace(/\.md$/, "").replaceAll(/[^\w]+/g, "-")}-${i + 1}`,
      path: source.path,
      code: token.text,
      use: useOf(source.path, languageOf(source, token)),
    }));
  });
}

function useOf(path: string, language: ReturnType<typeof languageOf>): BlockUse {
  switch (language) {
    case "ts":
      return inBrowser.includes(path) ? "browser" : parts.includes(path) ? "part" : "run";
    case "html":
      return "browser";
    case "sh":
      return "command";
    case "text":
    case "formula":
      return "shown";
  }
}
