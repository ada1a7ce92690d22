import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeOptimizer, optimizerNames } from "steepest";
import { expect, test } from "vitest";

import { goldenJson } from "#test-support/golden.ts";
import type { Trajectory } from "../src/golden/goldenFile.ts";
import { optimizerFiles } from "../src/report/optimizers/optimizerFiles.ts";

const folder = fileURLToPath(new URL("../../../docs/optimizers/", import.meta.url));

test.each([...optimizerFiles()])(
  "docs/optimizers/%s is what the catalogue says; else: npm run docs",
  (name, text) => {
    expect(existsSync(folder + name)).toBe(true);
    expect(readFileSync(folder + name, "utf8")).toBe(text);
  },
);

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
