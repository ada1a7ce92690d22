import { expect, test } from "vitest";
import { codeOf } from "../fuzz/codeOf.ts";
import { compareProgram } from "../fuzz/compareProgram.ts";
import { drawProgram } from "../fuzz/drawProgram.ts";
import { type Program, resultsOf } from "../fuzz/program.ts";
import { shrinkProgram } from "../fuzz/shrinkProgram.ts";

/** Of `npm run fuzz -- --seed 1`, in parts, so that a failure is one of twenty. */
const parts = [0, 1, 2, 3, 4].map((part) => ({ first: 1 + 20 * part, last: 20 + 20 * part }));

test.each(parts)("random programs $first to $last agree with jax-js", async ({ first, last }) => {
  for (let seed = first; seed <= last; seed++) {
    const program = drawProgram(seed);
    const difference = await compareProgram(program);
    if (difference !== undefined) expect.fail(`seed ${seed}: ${difference.message}\n${codeOf(program)}`);
  }
});

test("the same seed draws the same program", () => {
  expect(codeOf(drawProgram(7))).toBe(codeOf(drawProgram(7)));
  expect(codeOf(drawProgram(7))).not.toBe(codeOf(drawProgram(8)));
});

test("a failing program is made small", async () => {
  // The runtime refuses the index; jax-js reads some other element.
  const program: Program = {
    inputs: [
      { dtype: "float32", shape: [2, 3], values: [1, 2, 3, 4, 5, 6] },
      { dtype: "float32", shape: [3], values: [7, 8, 9] },
    ],
    lines: [
      { text: "np.sin(v1.ref)", reads: [1] },
      { text: "np.add(v0.ref, v2.ref)", reads: [0, 2] },
      { text: 'np.take(v3.ref, np.array([0, 99], { dtype: "int32" }), 0)', reads: [3] },
      { text: "np.negative(v4.ref)", reads: [4] },
    ],
  };
  const difference = await compareProgram(program);
  if (difference === undefined) return expect.unreachable("they agree");
  expect(difference.kind).toBe("error");
  const small = await shrinkProgram(program, difference);
  expect(small.lines).toHaveLength(1);
  expect(small.inputs).toHaveLength(1);
  expect(resultsOf(small)).toEqual([1]);
  expect(codeOf(small)).toContain("np.take(v0.ref");
});
