import { describeOptimizer, optimizerNames } from "steepest";
import { expect, test } from "vitest";

test("every optimizer says when to use it, and one with a golden file names it once", () => {
  for (const name of optimizerNames()) expect(describeOptimizer(name).when).toMatch(/^[A-Z].*\.$/);
  const golden = optimizerNames().flatMap((name) => describeOptimizer(name).golden ?? []);
  expect(new Set(golden).size).toBe(golden.length);
});
