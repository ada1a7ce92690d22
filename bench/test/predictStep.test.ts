import { expect, test } from "vitest";

import { predictStep, type StepParts, saturatesAt, wireSeconds } from "../ranks/predictStep.ts";

const parts: StepParts = {
  gradients: (sequences) => 20 * sequences,
  update: 90,
  rest: 10,
  share: (ranks) => Math.max(1 / ranks, 0.25),
  wire: (ranks) => (ranks === 1 ? 0 : 5),
};
const alone = { sequences: 8, ranksOfMachine: 1, cores: 1 };

test("a step is gradients, the busiest rank's update and the wire; ranks that share a core take turns", () => {
  expect(predictStep(parts, { ...alone, ranks: 1 })).toBe(160 + 100);
  expect(predictStep(parts, { ...alone, ranks: 2 })).toBe(80 + 50 + 5);
  expect(predictStep(parts, { ...alone, ranks: 8 })).toBe(20 + 25 + 5);
  const together = { ranks: 4, sequences: 8, ranksOfMachine: 4 };
  expect(predictStep(parts, { ...together, cores: 4 })).toBe(40 + 25 + 5);
  expect(predictStep(parts, { ...together, cores: 2 })).toBe(2 * (40 + 25) + 5);
});

test("bytes on the wire are 8P·(n − 1)/n, and messages count", () => {
  const network = { bytesPerSecond: 1e9, latency: 0 };
  expect(wireSeconds(1e9, 1, network)).toBe(0);
  expect(wireSeconds(1e9, 2, network)).toBeCloseTo(4);
  expect(wireSeconds(1e9, 64, network)).toBeCloseTo((8 * 63) / 64);
  // 2 · 1,024 messages of one chunk a rank at most.
  expect(wireSeconds(2 ** 20, 1024, { bytesPerSecond: Number.POSITIVE_INFINITY, latency: 1e-5 })).toBeCloseTo(
    2 * 1024 * 1e-5,
  );
});

test("more ranks stop to pay where twice as many gain less than a tenth", () => {
  expect(saturatesAt((ranks) => 100 / ranks, 64)).toBe(64);
  expect(saturatesAt((ranks) => 10 + 100 / ranks)).toBe(64); // 100/64 of 11.6 are 13 %, halved 7 %
  expect(saturatesAt(() => 1)).toBe(1);
});
