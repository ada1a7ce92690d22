import { describeOptimizer, optimizerNames } from "steepest";

import { markdownIndex } from "./markdownIndex.ts";
import { markdownPage } from "./markdownPage.ts";
import { optimizerEntry } from "./optimizerEntry.ts";

/** Every file of `docs/optimizers` with its text. */
export function optimizerFiles(): Map<string, string> {
  const pages = optimizerNames().map(
    (name) => [`${name}.md`, markdownPage(optimizerEntry(describeOptimizer(name)))] as const,
  );
  return new Map([["README.md", markdownIndex()], ...pages]);
}
