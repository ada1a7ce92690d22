import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./packages.ts";

/** The TypeScript examples of a Markdown file, which must have at least one. */
export function codeBlocks(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const blocks = [...text.matchAll(/```ts\n(.*?)```/gs)].flatMap(([, code]) => code ?? []);
  if (blocks.length === 0) throw new Error(`${file} has no ts example`);
  return blocks;
}
