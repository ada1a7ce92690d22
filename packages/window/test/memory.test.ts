import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { associativeMemory, frequencies, PAIRS } from "../src/explorables/memory/associativeMemory.ts";

describe("an associative memory", () => {
  test("under plain gradient descent forgets at the rate at which pairs are asked for", () => {
    const memory = associativeMemory("sgd", 0.5, 1);
    const { step, loss, errors, recall, spectrum } = memory.train(20, 1);
    memory.dispose();
    const left = frequencies(1).map((p) => (1 - 0.5 * p) ** 20);
    expect(step).toBe(20);
    for (const [i, share] of left.entries()) {
      expect(errors[i]).toBeCloseTo(share ** 2, 4);
      expect(recall[i * PAIRS + i]).toBeCloseTo(1 - share, 4);
      expect(spectrum[i]).toBeCloseTo(1 - share, 4);
    }
    expect(loss).toBeCloseTo(
      left.reduce((sum, share, i) => sum + ((frequencies(1)[i] ?? 0) * share ** 2) / 2, 0),
      4,
    );
  });

  test("learns what is rare with what is frequent under Muon", () => {
    const memory = associativeMemory("muon", 1, 1.5);
    const { errors } = memory.train(30, 0.02);
    memory.dispose();
    expect(Math.max(...errors) - Math.min(...errors)).toBeLessThan(0.25);
    expect(Math.max(...errors)).toBeLessThan(0.6);
  });

  test("the rate can change on the way, and 0 stands still", () => {
    const memory = associativeMemory("adamw", 1, 1);
    const before = memory.train(3, 0.01);
    const after = memory.train(3, 0);
    memory.dispose();
    expect(after.step).toBe(6);
    expect(after.errors).toEqual(before.errors);
  });

  test("nothing leaks, however long it is trained", async () => {
    const work = (): void => {
      const memory = associativeMemory("muon", 1, 1);
      memory.train(3, 0.02);
      memory.train(2, 0.01);
      memory.dispose();
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

test("frequencies add up to 1 and fall", () => {
  expect(frequencies(0)).toEqual(new Array(PAIRS).fill(1 / PAIRS));
  const falling = frequencies(1.5);
  expect(falling.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  expect((falling[0] ?? 0) / (falling[3] ?? 0)).toBeCloseTo(8, 10);
});
