import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { optimizerNames, spectra } from "steepest";
import { expect, test } from "vitest";

import { optimizerFiles } from "../src/docs/optimizerFiles.ts";

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

test("every optimizer has its place in the table of spectra, packages/steepest/src/registry/spectra.ts", () => {
  expect(optimizerNames().filter((name) => spectra[name] === undefined)).toEqual([]);
});
