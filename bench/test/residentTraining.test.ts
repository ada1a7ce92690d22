import { numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { residentState } from "@steepest/kernels";
import { createLanguageModel } from "@steepest/models";
import { applyUpdates, compiledStep, createOptimizer, refTree, stepKey, type Tree } from "steepest";
import { expect, test } from "vitest";
import { liveBuffers } from "#test-support/liveBuffers.ts";

const shape = { vocabSize: 11, width: 12, depth: 1, heads: 2, context: 5 };
const ids = (from: number): np.Array =>
  np.array(
    Int32Array.from({ length: 15 }, (_, i) => (i * i * 7 + from) % 11),
    { shape: [3, 5], dtype: np.int32 },
  );
const batch = () => ({ tokens: ids(1), targets: ids(4) });

test.each([
  ["tiny", "adamw"],
  ["tiny", "muon"],
  ["tiny", "scion"],
  ["tiny", "mano_v2"],
  ["llama-60m", "adamw"],
] as const)("three steps of a %s model with %s as loops are those of jax-js", async (name, method) => {
  const before = await liveBuffers();
  const model = createLanguageModel(name, shape);
  const optimizer = createOptimizer(method, {});
  const loss = (params: Tree, data: ReturnType<typeof batch>): np.Array => model.loss(params as never, data);
  const step = compiledStep(optimizer, loss);
  let training = step.init(model.init(random.key(0)) as Tree);
  const held = residentState({ params: refTree(training.params), state: refTree(training.state) } as never);
  const stepIn = (context: { phase: number; first: boolean }): never =>
    (({ params, state }: { params: Tree; state: never }, data: never) => {
      const [value, gradients] = valueAndGrad(loss)(refTree(params), data) as [np.Array, Tree];
      const [updates, next] = optimizer.update(gradients, state, refTree(params), context);
      return [{ params: applyUpdates(params, updates), state: next }, value];
    }) as never;
  const steps = new Map<string, never>();
  const stepOf = (k: number): never => {
    const context = { phase: k % (optimizer.period ?? 1), first: k === 0 };
    const key = stepKey(optimizer, context);
    const found = steps.get(key) ?? stepIn(context);
    steps.set(key, found);
    return found;
  };
  for (const k of [0, 1, 2]) {
    const { loss: wanted, ...next } = step(training, batch());
    training = next;
    const got = (await held.run(stepOf(k), batch() as never)) as np.Array;
    expect(got.item()).toBeCloseTo(wanted.item(), 4);
  }
  const after = (await held.read()) as { params: Tree; state: Tree };
  const pairs = leavesOf(after.params).map((x, i) => [x, leavesOf(training.params)[i]] as const);
  for (const [x, y] of pairs) expect(y !== undefined && np.allclose(x.ref, y.ref, { atol: 2e-4 })).toBe(true);
  for (const leaf of [after, training].flatMap(leavesOf)) leaf.dispose();
  held.dispose();
  step.dispose();
  expect(await liveBuffers()).toBe(before);
});

function leavesOf(value: unknown): np.Array[] {
  if (value instanceof np.Array) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
