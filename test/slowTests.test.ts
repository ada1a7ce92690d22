import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { slowTests } from "#test-support/slowTests.ts";

test("every file that test:quick leaves out is there, once", () => {
  const root = fileURLToPath(new URL("../", import.meta.url));
  expect(slowTests.filter((file) => !existsSync(root + file))).toEqual([]);
  expect(new Set(slowTests).size).toBe(slowTests.length);
});
