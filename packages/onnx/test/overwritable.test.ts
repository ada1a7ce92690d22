import { numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { spec } from "../src/arrays/argumentTree.ts";
import { lower } from "../src/lower/lower.ts";
import { portable } from "../src/rewrite/rewrite.ts";
import { overwritable } from "../src/step/overwritable.ts";
import { TrainStep } from "../src/step/trainStep.ts";
import { trace } from "../src/trace/trace.ts";

type Pair = { a: np.Array; b: np.Array };

const state = { a: spec([6, 6]), b: spec([6, 6]) };

/** The leaves of a two-leaf state, a and b, that a function of them may overwrite. */
function leavesOf(fn: (state: Pair) => Pair): string[] {
  const traced = trace((given: Pair) => [fn(given), {}], [state]);
  const program = lower(traced, portable, { late: 2, kept: 2 });
  return [...overwritable(program, 2).leaves].map((i) => "ab"[i] ?? "?");
}

const transposed = (x: np.Array): np.Array => np.transpose(x);

describe("overwritable", () => {
  test.each<[string, (state: Pair) => Pair, string[]]>([
    ["its own elements", ({ a, b }) => ({ a: a.mul(2), b: b.add(1) }), ["a", "b"]],
    ["both operands", ({ a, b }) => ({ a: a.ref.mul(a), b }), ["a"]],
    ["a chain that reads it on the way", ({ a, b }) => ({ a: a.ref.sub(np.sin(a).mul(0.1)), b }), ["a"]],
    // b·2 may be computed before a + b, which would then read it instead of b.
    ["another leaf that its writer needs", ({ a, b }) => ({ a: a.add(b.ref), b: b.mul(2) }), ["a"]],
    [
      "a chain of leaves",
      ({ a, b }) => {
        const m = b.add(a.ref);
        return { a: a.sub(m.ref), b: m };
      },
      ["a", "b"],
    ],
    ["each reads the other", ({ a, b }) => ({ a: a.ref.add(b.ref), b: b.sub(a) }), []],
    ["elements from elsewhere", ({ a, b }) => ({ a: a.ref.add(transposed(a)), b }), []],
    [
      "elements from elsewhere, computed before",
      ({ a, b }) => ({ a: a.ref.add(np.sin(transposed(a))), b }),
      ["a"],
    ],
    ["a product of itself", ({ a, b }) => ({ a: np.matmul(a.ref, a), b }), []],
    [
      "a product before an elementwise writer",
      ({ a, b }) => ({ a: a.ref.sub(np.matmul(a.ref, a)), b }),
      ["a"],
    ],
    [
      "a moved one that another leaf reads",
      ({ a, b }) => ({ a: a.ref.add(1), b: np.matmul(b, transposed(a)) }),
      [],
    ],
    ["leaves that change places", ({ a, b }) => ({ a: b, b: a }), []],
    [
      "the old value of another",
      ({ a, b }) => {
        b.dispose();
        return { a: a.ref.mul(2), b: a };
      },
      [],
    ],
    [
      "a constant",
      ({ a, b }) => {
        a.dispose();
        return { a: np.ones([6, 6]), b };
      },
      ["a"],
    ],
  ])("%s", (_, fn, expected) => {
    expect(leavesOf(fn)).toEqual(expected);
  });

  test("what is reported is complete before: state it needs, and values of the old state, stay", () => {
    const traced = trace(({ a, b }: Pair) => [{ a: a.add(1), b: b.ref.add(1) }, { sum: b.sum() }], [state]);
    const program = lower(traced, portable, { late: 2, kept: 3 });
    expect(program.stages).toHaveLength(2);
    const found = overwritable(program, 2);
    expect([...found.leaves]).toEqual([0, 1]);
    expect(found.decided).toBe(1);
    const reported = trace(({ a, b }: Pair) => [{ a: a.ref.add(1), b }, { old: a }], [state]);
    expect(overwritable(lower(reported, portable, { late: 2, kept: 3 }), 2).leaves.size).toBe(0);
    const next = trace(
      ({ a, b }: Pair) => {
        const m = a.add(1);
        return [{ a: m.ref, b }, { next: m }];
      },
      [state],
    );
    expect(overwritable(lower(next, portable, { late: 2, kept: 3 }), 2).leaves.size).toBe(0);
  });

  test("without that order a leaf that the reports need keeps its old value beside the new one", () => {
    const traced = trace(({ a, b }: Pair) => [{ a: a.ref.add(1), b }, { sum: a.sum() }], [state]);
    expect(overwritable(lower(traced, portable), 2)).toEqual({ leaves: new Set(), decided: 1 });
  });

  test("random programs of eight equations give the same state overwritten or not", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const program = randomProgram(seed);
      const start = () => ({ a: numbers(1), b: numbers(2) });
      const plain = TrainStep.create((s: Pair) => [program(s), { n: np.zeros([]) }], {
        state: start(),
        batch: {},
      });
      const [over, fused] = [false, true].map((fusedUpdate) =>
        TrainStep.create((s: Pair) => [program(s), {}, {}], { state: start(), batch: {}, fusedUpdate }),
      );
      if (over === undefined || fused === undefined) return expect.unreachable("two of two");
      for (let i = 0; i < 3; i++) for (const step of [plain, over, fused]) await step.run();
      for (const leaf of ["a", "b"]) {
        const wanted = [...(plain.state[leaf] ?? [])];
        expect([...(over.state[leaf] ?? [])], `seed ${seed}`).toEqual(wanted);
        // Loops add the terms of a mean in another order.
        for (const [i, value] of [...(fused.state[leaf] ?? [])].entries())
          expect(Math.abs(value - (wanted[i] ?? 0)), `seed ${seed}, fused`).toBeLessThan(2e-6);
      }
      for (const step of [plain, over, fused]) step.dispose();
    }
  });
});

const numbers = (seed: number): np.Array =>
  np.array(Float32Array.from({ length: 36 }, (_, i) => Math.sin(i * 7 + seed))).reshape([6, 6]);

/** Two leaves from eight operations on whatever there is, chosen by a seed. */
function randomProgram(seed: number): (state: Pair) => Pair {
  let x = seed + 1;
  const below = (n: number): number => {
    x = (x * 48271) % 2147483647;
    return x % n;
  };
  const choices = Array.from({ length: 8 }, () => [below(6), below(1000), below(1000)] as const);
  const last = [below(1000), below(1000)] as const;
  return ({ a, b }) => {
    const values = [a, b];
    const pick = (n: number): np.Array => (values[n % values.length] as np.Array).ref;
    for (const [op, i, j] of choices) {
      if (op === 0) values.push(pick(i).add(pick(j)).mul(0.5));
      else if (op === 1) values.push(pick(i).mul(pick(j)));
      else if (op === 2) values.push(np.matmul(pick(i), pick(j)).mul(0.1));
      else if (op === 3) values.push(np.transpose(pick(i)));
      else if (op === 4) values.push(np.sin(pick(i)));
      else values.push(pick(i).sub(pick(j).mean(0)));
    }
    const recent = (n: number): np.Array => pick(values.length - 1 - (n % 4));
    const next = { a: pick(0).mul(0.9).add(recent(last[0]).mul(0.1)), b: recent(last[1]).mul(0.7) };
    for (const value of values) value.dispose();
    return next;
  };
}
