import { jit, numpy as np } from "@jax-js/jax";
import { createOptimizer, refTree } from "steepest";
import {
  constant,
  cosine,
  exponential,
  inverseSquareRoot,
  join,
  linear,
  openLoop,
  piecewise,
  polynomial,
  rateAt,
  reduceOnPlateau,
  type Schedule,
  warmup,
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
    ["wsd by default", warmupStableDecay({ steps: 100, final: 0.2 }), { 0: 1, 80: 1, 90: 0.6, 100: 0.2 }],
    ["open loop", openLoop(), { 0: 1, 2: 0.5, 8: 0.2 }],
    [
      "exponential",
      exponential({ steps: 10, factor: 0.5, least: 0.2 }),
      { 0: 1, 5: Math.SQRT1_2, 10: 0.5, 99: 0.2 },
    ],
    [
      "exponential, staircase",
      exponential({ steps: 7, factor: 0.5, staircase: true }),
      { 6: 1, 7: 0.5, 20: 0.25, 21: 0.125 },
    ],
    ["polynomial", polynomial({ steps: 10, power: 2, from: 2, to: 1 }), { 0: 2, 5: 1.25, 10: 1, 99: 1 }],
    ["piecewise", piecewise({ 10: 0.1, 0: 1, 20: 0 }), { 0: 1, 9: 1, 10: 0.1, 19: 0.1, 20: 0, 999: 0 }],
    [
      "piecewise, linear",
      piecewise({ 4: 1, 8: 0.2, 10: 0 }, { linear: true }),
      { 0: 1, 4: 1, 6: 0.6, 8: 0.2, 9: 0.1, 10: 0, 999: 0 },
    ],
    [
      "join",
      join({ 0: constant(0.5), 10: linear({ steps: 10 }), 15: constant(3) }),
      { 0: 0.5, 9: 0.5, 10: 1, 14: 0.6, 15: 3 },
    ],
    ["warmup", warmup(linear({ steps: 10 }), 4), { 0: 0.25, 3: 1, 4: 1, 9: 0.5, 14: 0 }],
    ["inverse sqrt", inverseSquareRoot({ warmup: 4 }), { 0: 0.25, 3: 1, 15: 0.5, 399: 0.1 }],
  ];
  test.each(cases)("%s", (_, schedule, values) => {
    for (const [step, value] of Object.entries(values))
      expect(rateAt(schedule, Number(step))).toBeCloseTo(value, 6);
  });
  test.each(cases)("%s leaks nothing", async (_, schedule) => {
    expect(await leakedBuffers(() => schedule(np.array([0, 3, 7])).dataSync())).toBe(0);
  });
});

describe("errors", () => {
  const cases: [() => unknown, RegExp][] = [
    [() => linear({ steps: 0 }), /linear: steps must be .* ≥ 1, got 0/],
    [() => cosine({ steps: 10, warmup: -1 }), /warmup must be/],
    [() => cosine({ steps: 10, final: 2 }), /final must be in \[0, 1\]/],
    [() => warmupStableDecay({ steps: 10, warmup: 8, decay: 5 }), /do not fit into 10 steps/],
    [() => inverseSquareRoot({ warmup: 0 }), /warmup must be/],
    [() => cosine({ steps: 10, warmup: 100 }), /cosine: warmup 100 is longer than all 10 steps/],
    [() => cosine({ steps: Number.NaN }), /cosine: steps must be .*, got NaN/],
    [() => constant(-1), /constant: the value must be a finite number ≥ 0, got -1/],
    [() => constant(Number.NaN), /got NaN/],
    [() => linear({ steps: 5, to: -0.1 }), /linear: to must be .* got -0\.1/],
    [() => linear({ steps: 5, from: Number.POSITIVE_INFINITY }), /linear: from must be .* got Infinity/],
    [() => exponential({ steps: 10, factor: 0 }), /exponential: factor must be > 0/],
    [() => exponential({ steps: 10, factor: Number.NaN }), /factor must be/],
    [() => exponential({ steps: 10, factor: 0.5, least: -1 }), /least must be/],
    [() => polynomial({ steps: 10, power: 0 }), /polynomial: power must be > 0, got 0/],
    [() => piecewise({}), /piecewise: it needs a value/],
    [() => piecewise({ 0.5: 1 }), /piecewise: "0\.5" is no step/],
    [() => piecewise({ 0: 1, 5: -1 }), /the value at step 5 must be/],
    [() => join({ 5: constant() }), /join: the first schedule must begin at step 0, not 5/],
    [() => join({ 0: 0.1 as unknown as Schedule }), /what begins at step 0 must be a schedule.* got 0\.1/],
    [() => warmup(0.1 as unknown as Schedule, 5), /warmup: the schedule must be a schedule.* got 0\.1/],
    [() => warmup(constant(), -1), /warmup: steps must be/],
    [() => reduceOnPlateau({ factor: 1 }), /reduceOnPlateau: factor must be in \(0, 1\), got 1/],
    [() => reduceOnPlateau({ patience: Number.NaN }), /patience must be whole, ≥ 0, got NaN/],
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

test("warmup before a cosine is the cosine's own", () => {
  const [own, wrapped] = [cosine({ steps: 30, warmup: 7 }), warmup(cosine({ steps: 23 }), 7)];
  for (let step = 0; step < 32; step++) expect(rateAt(wrapped, step)).toBeCloseTo(rateAt(own, step), 6);
});

test("schedules are the same compiled", () => {
  const schedule = join({
    0: warmup(exponential({ steps: 3, factor: 0.5 }), 2),
    6: piecewise({ 0: 1, 4: 0.5 }, { linear: true }),
    9: polynomial({ steps: 5, power: 1.5 }),
  });
  const compiled = jit(schedule);
  for (let step = 0; step < 16; step++)
    expect(compiled(np.array(step, { dtype: np.float32 })).item()).toBeCloseTo(rateAt(schedule, step), 6);
  compiled.dispose();
});

describe("reduceOnPlateau", () => {
  test("by hand, as in torch.optim with patience 1, threshold 0.1 and cooldown 1", () => {
    const plateau = reduceOnPlateau({ factor: 0.5, patience: 1, threshold: 0.1, cooldown: 1, least: 0.2 });
    const seen = [1, 0.95, 0.95, 0.95, 0.95, 0.95, Number.NaN, 0.5, 0.1, -1, -1.05, -1.05].map((loss) =>
      plateau.observe(loss),
    );
    expect(seen).toEqual([1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.2]);
    expect(plateau.scale).toBe(0.2);
  });

  test("goes on from a saved state", () => {
    const losses = [3, 3, 3, 2, 2, 2, 2, 1];
    const whole = reduceOnPlateau({ patience: 1 });
    const all = losses.map((loss) => whole.observe(loss));
    const first = reduceOnPlateau({ patience: 1 });
    const start = losses.slice(0, 5).map((loss) => first.observe(loss));
    const second = reduceOnPlateau({ patience: 1 }, { ...first.state });
    expect([...start, ...losses.slice(5).map((loss) => second.observe(loss))]).toEqual(all);
  });
});

test("a rate changed from outside needs no new trace", async () => {
  const optimizer = createOptimizer("sgd", { learningRate: 1 });
  let traces = 0;
  const work = () => {
    const step = jit((g: { w: np.Array }, p: { w: np.Array }, learningRateScale: np.Array) => {
      traces += 1;
      const [updates] = optimizer.update(g, optimizer.init(refTree(p)), p, { phase: 0, learningRateScale });
      learningRateScale.dispose();
      return updates;
    });
    const moved = [1, 0.5, 0.125].map((scale) => {
      const one = (x: number) => ({ w: array(Float32Array.of(x), [1]) });
      const updates = step(one(2), one(0), np.array(scale, { dtype: np.float32 })) as { w: np.Array };
      return (updates.w.js() as number[])[0];
    });
    step.dispose();
    return moved;
  };
  expect(work()).toEqual([-2, -1, -0.25]);
  expect(traces).toBe(1);
  expect(await leakedBuffers(work)).toBe(0);
});
