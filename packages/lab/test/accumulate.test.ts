import { gpt } from "@steepest/models";
import { createOptimizer } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { microBatches } from "../src/engine/accumulate.ts";
import { engines } from "../src/engine/engines.ts";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import type { TrainingEngine } from "../src/engine/trainingEngine.ts";

const model = gpt({ vocabSize: 11, context: 6, width: 8, depth: 1, heads: 2 });
const batchOf = (seed: number): HostTensors => {
  const ids = (shift: number): Int32Array =>
    Int32Array.from({ length: 24 }, (_, i) => ((i + seed) * (i + shift) * 7 + 3) % 11);
  return {
    tokens: { dtype: "int32", shape: [4, 6], data: ids(1) },
    targets: { dtype: "int32", shape: [4, 6], data: ids(2) },
  };
};

/** Three steps and what is seen on the way. Muon and AdamW, so that state and phases take part. */
async function run(name: "onnx" | "jax", accumulate: number) {
  const optimizer = createOptimizer("mano_v2", { learningRate: 0.05, roles: model.roles() });
  const engine = await engines[name]({ model, optimizer, seed: 1, threads: 1, accumulate });
  const seen: number[] = [await engine.evaluate(batchOf(9)).then(({ loss }) => loss)];
  for (let step = 0; step < 3; step++) {
    const { loss, gradNorm, fault } = await engine.step(batchOf(step), step);
    expect(fault).toBeUndefined();
    seen.push(loss, gradNorm);
  }
  const { params, state } = await engine.snapshot();
  const share = await engine.optimizerShare();
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThan(1);
  engine.dispose();
  return {
    seen,
    numbers: [...Object.values(params), ...Object.values(state)].flatMap(({ data }) => [...data]),
  };
}

describe.each(["onnx", "jax"] as const)("%s: a batch in parts", (name) => {
  test.each([2, 4])("%i parts make the step of the whole batch", async (parts) => {
    const [whole, cut] = [await run(name, 1), await run(name, parts)];
    // float32: means of 24 terms in another order, three steps.
    for (const [i, value] of whole.seen.entries()) expect(cut.seen[i]).toBeCloseTo(value, 5);
    expect(cut.numbers.length).toBe(whole.numbers.length);
    const worst = whole.numbers.map((value, i) => Math.abs(value - (cut.numbers[i] ?? Number.NaN)));
    expect(Math.max(...worst)).toBeLessThan(2e-5);
  });

  test("a fault in the last part is found, and the parameters stay", async () => {
    const optimizer = createOptimizer("sgd", { learningRate: 1e30, roles: model.roles() });
    let engine: TrainingEngine | undefined;
    const leaked = await leakedBuffers(async () => {
      engine = await engines[name]({ model, optimizer, seed: 1, threads: 1, accumulate: 2 });
      let fault: string | undefined;
      for (let step = 0; step < 3 && fault === undefined; step++) {
        const before = await engine.snapshot();
        ({ fault } = await engine.step(batchOf(step), step));
        if (fault !== undefined) expect((await engine.snapshot()).params).toEqual(before.params);
      }
      expect(fault).toMatch(/not finite|overflows/);
      engine.dispose();
    });
    expect(leaked).toBe(0);
  });
});

test("parts are views of the batch, and a batch that cannot be cut is refused", () => {
  const batch = batchOf(0);
  const [first, second] = microBatches(batch, 2);
  expect(first?.tokens?.shape).toEqual([2, 6]);
  expect(second?.tokens?.data.buffer).toBe(batch.tokens?.data.buffer);
  expect([...(second?.tokens?.data ?? [])]).toEqual([...(batch.tokens?.data.slice(12) ?? [])]);
  expect(() => microBatches(batch, 3)).toThrow(/cannot be cut into 3/);
});
