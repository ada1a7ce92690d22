import { expect, test } from "vitest";

import { fitsPattern } from "../src/define/pathPattern.ts";

test.each([
  ["head", "head", true],
  ["head", "heads", false],
  ["head", "lm.head", false],
  ["blocks.*.wide", "blocks.11.wide", true],
  ["blocks.*.wide", "blocks.1.mlp.wide", false],
  ["blocks.1*", "blocks.12", true],
  ["blocks.1*", "blocks.1.wide", false],
  ["**.wide", "blocks.1.mlp.wide", true],
  ["**.wide", "wide", true],
  ["blocks.**", "blocks.0.wide", true],
  ["blocks.**", "blocks", true],
  ["blocks.**.wide", "blocks.wide", true],
  ["blocks.**.wide", "blocks.0.a.b.wide", true],
  ["blocks.**", "blocksome.0", false],
  ["**", "anything.at.all", true],
  ["a+b", "a+b", true],
  ["a+b", "aab", false],
])("%s and %s: %s", (pattern, path, fits) => {
  expect(fitsPattern(pattern, path)).toBe(fits);
});
