import { makeJaxpr, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { KernelProgram } from "../src/index.ts";

function programOf(
  fn: (...x: np.Array[]) => np.Array[],
  shapes: readonly (readonly number[])[],
): KernelProgram {
  const inputs = shapes.map((shape) => np.zeros([...shape]));
  const { jaxpr } = makeJaxpr((list: np.Array[]) => fn(...list))(inputs).jaxpr;
  for (const input of inputs) input.dispose();
  const { eqns, inBinders, outs } = jaxpr.flatten().simplify();
  return new KernelProgram({ equations: eqns, inputs: inBinders, outputs: outs, constants: new Map() });
}

const square = [
  [6, 6],
  [6, 6],
];

test.each([
  ["the same place", (p: np.Array, g: np.Array) => [p.sub(g)], true],
  ["another place", (p: np.Array, g: np.Array) => [np.transpose(p).sub(g)], false],
  ["a row that others read", (p: np.Array, g: np.Array) => [p.ref.sub(g).add(p.slice([0, 1]))], false],
  ["a product of it in the pass before", (p: np.Array, g: np.Array) => [p.ref.sub(np.matmul(p, g))], true],
  ["a product in its place", (p: np.Array, g: np.Array) => [np.matmul(p, g)], false],
  [
    "halves that change places",
    (p: np.Array) => [np.concatenate([p.ref.slice([3]), p.slice([0, 3])], 0)],
    false,
  ],
  ["a sum over it first", (p: np.Array, g: np.Array) => [p.ref.sub(g).mul(np.sum(p))], true],
  [
    "a second result in a later pass",
    (p: np.Array, g: np.Array) => [p.ref.sub(g.ref), g.mul(np.sum(p.ref)).add(p)],
    false,
  ],
])("an output over an input: %s", (_, fn, safe) => {
  expect(programOf(fn as (...x: np.Array[]) => np.Array[], square).overwrites(0, 0)).toBe(safe);
});

test("leaves of one shape share their loops", () => {
  const program = programOf(
    (a, b, c, d) => [a, b, c, d].map((x) => x.ref.mul(0.5).add(np.sum(x))),
    [
      [6, 8],
      [6, 8],
      [6, 8],
      [5, 8],
    ],
  );
  expect(program.schedule.stages.flat()).toHaveLength(8);
  expect(program.nests).toHaveLength(4);
});

test("what a later pass needs is computed again where that takes no longer than storing it", () => {
  const cheap = programOf((p, g) => [p.ref.sub(g.ref.mul(0.1)), np.sum(p.sub(g.mul(0.1)))], square);
  expect(cheap.scratchBytes).toBe(0);
  const normalised = programOf((p, g) => {
    const step = p.mul(0.9).add(g);
    return [step.ref.mul(np.sum(np.square(step)))];
  }, square);
  expect(normalised.schedule.stages).toHaveLength(2);
  expect(normalised.scratchBytes).toBe(4);
});

test("averages wait for the step that uses them, where it waits for a number: one pass over memory", () => {
  const corrected = programOf(
    (p, m, g, count) => {
      const mean = m.mul(0.9).add(g.mul(0.1));
      const correction = np.exp(np.sum(count).mul(-0.1));
      return [p.sub(mean.ref.mul(correction)), mean];
    },
    [...square, [6, 6], []],
  );
  expect(corrected.schedule.stages.map((calls) => calls.length)).toEqual([1, 1]);
  expect(corrected.movedBytes).toBe(4 * (5 * 36 + 3));
  for (const [input, output] of [
    [0, 0],
    [1, 1],
  ] as const)
    expect(corrected.overwrites(input, output)).toBe(true);
});

test("what a sum needs does not wait", () => {
  const clipped = programOf(
    (p, m, g) => {
      const mean = m.mul(0.9).add(g.mul(0.1));
      return [p.sub(mean.ref.mul(np.sum(np.square(mean.ref)))), mean];
    },
    [...square, [6, 6]],
  );
  expect(clipped.scratchBytes).toBeLessThan(4 * 36);
  expect(clipped.movedBytes).toBeLessThanOrEqual(4 * (6 * 36 + 20));
});
