import { jit, numpy as np } from "@jax-js/jax";
import { type StepResult, spec, TrainStep } from "@steepest/onnx";
import { applyUpdates, createOptimizer, type Tree } from "steepest";
import { expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";

type Params = { w: np.Array };

const LARGEST = 2 ** 50;
const gradient = [1e20, -3e38, 2e15, -LARGEST, 3, -1e-40, Number.POSITIVE_INFINITY, Number.NaN];
const expected = [-LARGEST, LARGEST, -LARGEST, LARGEST, -3, 1e-40, Number.NaN, Number.NaN];
const optimizer = createOptimizer("sgd", { learningRate: 1 });

/** The update of a weight of zeros is the weight after it. */
async function native(fusedUpdate: boolean): Promise<number[]> {
  const step = TrainStep.create(
    ({ w }: Params, gradients: Params): StepResult<Params, Record<string, np.Array>> => {
      const [updates] = optimizer.update(gradients, optimizer.init({ w: w.ref }), { w: w.ref });
      return [{ w: applyUpdates({ w }, updates).w }, {}, {}];
    },
    { state: { w: np.zeros([8]) }, batch: { w: spec([8]) }, fusedUpdate, threads: 1 },
  );
  step.batch.w?.set(gradient);
  await step.run();
  const found = [...(step.state.w ?? [])];
  step.dispose();
  return found;
}

const eager = (update: (g: Tree, w: np.Array) => Tree): number[] => {
  const { w } = update({ w: np.array(gradient) }, np.zeros([8])) as Params;
  return [...w.dataSync()];
};
const plain = (g: Tree, w: np.Array): Tree => optimizer.update(g, optimizer.init({ w: w.ref }), { w })[0];

const single = (values: readonly number[]): number[] => values.map(Math.fround);

test("entries beyond 2^50 are brought back one by one, what is not finite is NaN, by every engine", async () => {
  expect(single(eager(plain))).toEqual(single(expected));
  const compiled = jit(plain);
  expect(single(eager(compiled))).toEqual(single(expected));
  compiled.dispose();
  // The runtime may take subnormal numbers for 0.
  const native0 = (values: readonly number[]): number[] => values.map((x) => (Math.abs(x) < 1e-38 ? 0 : x));
  for (const fused of [true, false])
    expect(native0(single(await native(fused)))).toEqual(native0(single(expected)));
});

test("it leaks nothing", async () => {
  expect(await leakedBuffers(() => eager(plain))).toBe(0);
});
