import { readFileSync } from "node:fs";
import { normNames } from "steepest";
import { expect, test } from "vitest";

const text = readFileSync(new URL("../../../docs/norms.md", import.meta.url), "utf8");
const laws = readFileSync(new URL("./normsLaws.test.ts", import.meta.url), "utf8");
const rows = text.split("\n").filter((line) => /^\| `\w+` \| .* \| .* \| .* \| .* \| .* \|$/.test(line));
const named = rows.map((row) => row.split("`")[1] ?? "");

test("docs/norms.md has one complete row for every norm, and no other", () => {
  expect(named.toSorted()).toEqual([...normNames()].toSorted());
  for (const row of rows) for (const cell of row.split("|").slice(1, -1)) expect(cell.trim()).not.toBe("");
});

test("the laws are tested for every norm but auto, which chooses among them", () => {
  for (const name of normNames()) if (name !== "auto") expect(laws).toContain(`plain("${name}"`);
});
