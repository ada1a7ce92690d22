import { lax, nn, numpy as np, scipySpecial } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compareProgram } from "../fuzz/compareProgram.ts";
import { drawProgram } from "../fuzz/drawProgram.ts";
import { calls } from "../fuzz/functions/calls.ts";
import { functionPrograms } from "../fuzz/functions/functionPrograms.ts";
import { withoutCall } from "../fuzz/functions/withoutCall.ts";
import { operations } from "../fuzz/operations/operations.ts";
import { arraysOf, compared, type Program } from "../fuzz/program.ts";

const rooms: Readonly<Record<string, object>> = {
  np,
  "np.linalg": np.linalg,
  "np.fft": np.fft,
  nn,
  lax,
  "lax.linalg": lax.linalg,
  scipySpecial,
};

test("every function of jax-js is drawn, has a call, or a reason why not", () => {
  const known = new Set([
    ...operations.map(({ name }) => name),
    ...Object.keys(calls),
    ...Object.values(withoutCall).flat(),
  ]);
  const functions = Object.entries(rooms).flatMap(([room, members]) =>
    Object.entries(members)
      .filter(([name, member]) => typeof member === "function" && /^[a-z]/.test(name))
      .map(([name, member]): [string, unknown] => [`${room}.${name}`, member]),
  );
  const same = new Set(functions.filter(([name]) => known.has(name)).map(([, member]) => member));
  const missing = functions.filter(([name, member]) => !known.has(name) && !same.has(member));
  expect(missing.map(([name]) => name)).toEqual([]);
});

/** Gradients are left to `npm run fuzz`, which takes the same table. */
test.each(Object.entries(calls))("%s, compiled", async (name, text) => {
  const [value] = functionPrograms(text);
  if (value === undefined) return expect.unreachable("no program");
  await runs(value);
  expect(await compareProgram(value), name).toBeUndefined();
});

const runs = async (program: Program): Promise<void> => {
  for (const array of compared(program)(...arraysOf(program))) await array.data();
};

test("jax-js can compute most of the gradients that are drawn: they are compared", async () => {
  let [drawn, computed] = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const program = drawProgram(seed);
    if (program.gradient === undefined) continue;
    drawn += 1;
    computed += await runs(program).then(
      () => 1,
      () => 0,
    );
  }
  expect(drawn).toBeGreaterThan(10);
  expect(computed / drawn).toBeGreaterThan(0.8);
});
