import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { guides, optimizerNames } from "steepest";
import { expect, test } from "vitest";

const texts = new Map<string, string>();
function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(fileURLToPath(new URL(file, import.meta.url)), "utf8");
  texts.set(file, text);
  return text;
}

test.each(optimizerNames())("%s: every invariant of its page is a test", (name) => {
  for (const { file, title } of guides[name].invariants) expect(textOf(file)).toContain(`"${title}"`);
});

test("every optimizer says when to use it, and one with a golden file names it once", () => {
  for (const name of optimizerNames()) expect(guides[name].when).toMatch(/^[A-Z].*\.$/);
  const golden = optimizerNames().flatMap((name) => guides[name].golden);
  expect(new Set(golden).size).toBe(golden.length);
});
