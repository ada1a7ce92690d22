import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeOptimizer, optimizerNames } from "steepest";
import { expect, test } from "vitest";

import { goldenJson } from "#test-support/golden.ts";
import type { Trajectory } from "../src/golden/goldenFile.ts";
import { methodsPage } from "../src/report/norms/methodsPage.ts";
import { withNormTable } from "../src/report/norms/normTable.ts";
import { withFamilyTable } from "../src/report/optimizers/familyTable.ts";
import { optimizerFiles } from "../src/report/optimizers/optimizerFiles.ts";

const folder = fileURLToPath(new URL("../../../docs/optimizers/", import.meta.url));

test.each([...optimizerFiles()])(
  "docs/optimizers/%s is what the catalogue says; else: npm run docs",
  (name, text) => {
    expect(existsSync(folder + name)).toBe(true);
    expect(readFileSync(folder + name, "utf8")).toBe(text);
  },
);

test("docs/norms.md has the table that the files of the norms make; else: npm run docs", () => {
  const text = readFileSync(new URL("../../../docs/norms.md", import.meta.url), "utf8");
  expect(withNormTable(text)).toBe(text);
  const other = text.replace("| `max` | max abs", "| `max` | min abs");
  expect(other).not.toBe(text);
  expect(withNormTable(other)).toBe(text);
  expect(() => withNormTable("no table")).toThrow("docs/norms.md has no table that begins with | name |");
});

test("docs/methods-and-norms.md is what the code says; else: npm run docs", () => {
  expect(readFileSync(new URL("../../../docs/methods-and-norms.md", import.meta.url), "utf8")).toBe(
    methodsPage(),
  );
});

test("README.md names every optimizer in its family; else: npm run docs", () => {
  const text = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  expect(withFamilyTable(text)).toBe(text);
  expect(withFamilyTable(text.replace("`adamw`, ", ""))).toBe(text);
  expect(() => withFamilyTable("no table")).toThrow('no row "| Gradient');
});

test("docs/optimizers holds no page of an optimizer that is gone", () => {
  expect(readdirSync(folder).sort()).toEqual([...optimizerFiles().keys()].sort());
});

test("golden trajectories that pages name are those of the optimizer", () => {
  for (const name of optimizerNames()) {
    for (const file of describeOptimizer(name).golden ?? []) {
      const { optimizer, options } = goldenJson<Trajectory>(file);
      const renamed: Record<string, string> = { mop: "polargrad" };
      const owner = renamed[optimizer] ?? optimizer;
      // Muon's and Scion's files hold their variants.
      expect([
        name,
        name.replace("unconstrained_", ""),
        ...(name.startsWith("muon_") ? ["muon"] : []),
      ]).toContain(owner);
      expect(Object.keys(options).length).toBeGreaterThan(0);
    }
  }
});
