import type { LoadedImages } from "@steepest/models";
import { expect, test } from "vitest";

import { resolvePlan } from "../src/plan/resolvePlan.ts";
import { imageRun } from "../src/prepare/imageRun.ts";

const split = (count: number) => ({
  count,
  shape: [1, 4, 4] as const,
  classes: 2,
  pixels: Uint8Array.from({ length: count * 16 }, (_, i) => (i * 37) % 251),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
});
const data = { kind: "images", train: split(240), test: split(1200), source: "", sha256: "" } as LoadedImages;

test.each([1, 4, 7])("a validation scores the same images when a batch comes in %i parts", (accumulate) => {
  const plan = resolvePlan({ model: "mlp", batch: 112, accumulate, evalBatches: 2 });
  const sizes = [...imageRun(plan, data).batches.validation()].map(({ labels }) => labels?.shape[0] ?? 0);
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(1000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(accumulate === 1 ? 500 : 112 / accumulate);
});
