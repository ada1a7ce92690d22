import { numpy as np } from "@jax-js/jax";
import { createOptimizer } from "steepest";
import {
  constant,
  cosine,
  inverseSquareRoot,
  linear,
  rateAt,
  type Schedule,
  warmupStableDecay,
} from "steepest/schedules";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { array, distance, run } from "./support/trees.ts";

describe("values", () => {
  const cases: [name: string, schedule: Schedule, values: Record<number, number>][] = [
    ["constant", constant(0.5), { 0: 0.5, 1000: 0.5 }],
    ["linear", linear({ steps: 10, from: 2, to: 1 }), { 0: 2, 5: 1.5, 10: 1, 99: 1 }],
    [
      "cosine",
      cosine({ steps: 110, warmup: 10, final: 0.1 }),
      { 0: 0.1, 4: 0.5, 9: 1, 10: 1, 60: 0.55, 110: 0.1, 999: 0.1 },
    ],
    [
      "wsd",
      warmupStableDecay({ steps: 100, warmup: 4, decay: 20 }),
      { 0: 0.25, 3: 1, 50: 1, 80: 1, 90: 0.5, 100: 0, 200: 0 },
    ],
    ["inverse sqrt", inverseSquareRoot({ warmup: 4 }), { 0: 0.25, 3: 1, 15: 0.5, 399: 0.1 }],
  ];
  test.each(cases)("%s", (_, schedule, values) => {
    for (const [step, value] of Object.entries(values))
      expect(rateAt(schedule, Number(step))).toBeCloseTo(value, 6);
  });
  test.each(cases)("%s leaks nothing", async (_, schedule) => {
    expect(await leakedBuffers(() => rateAt(schedule, 7))).toBe(0);
  });
});

describe("errors", () => {
  const cases: [() => unknown, RegExp][] = [
    [() => linear({ steps: 0 }), /linear: steps must be .* ≥ 1, got 0/],
    [() => cosine({ steps: 10, warmup: -1 }), /warmup must be/],
    [() => cosine({ steps: 10, final: 2 }), /final must be in \[0, 1\]/],
    [() => warmupStableDecay({ steps: 10, warmup: 8, decay: 5 }), /do not fit into 10 steps/],
    [() => inverseSquareRoot({ warmup: 0 }), /warmup must be/],
  ];
  test.each(cases)("%#", (work, message) => expect(work).toThrow(message));
});

test("a schedule and a scheduled rate multiply, counted from 0", () => {
  const ones = () => ({ w: array(Float32Array.of(1), [1]) });
  const optimizer = createOptimizer("sgd", {
    learningRate: (t) => t.add(1),
    schedule: (t) => np.exp(t.mul(Math.LN2)),
  });
  // −(1·1 + 2·2 + 3·4)
  const zero = () => ({ w: array(Float32Array.of(0), [1]) });
  expect(distance(run(optimizer, { start: zero, gradient: ones, steps: 3 }), [-17])).toBeLessThan(1e-5);
});
