import { optimizerNames } from "steepest";

import { optimizerPage } from "./optimizerPage.ts";
import { spectraTable } from "./spectraTable.ts";

/** Every file of `docs/optimizers` with its text. */
export function optimizerFiles(): Map<string, string> {
  const pages = optimizerNames().map((name) => [`${name}.md`, optimizerPage(name)] as const);
  return new Map([["README.md", spectraTable()], ...pages]);
}
