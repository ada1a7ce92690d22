import { numpy as np, random } from "@jax-js/jax";
import { expect, test } from "vitest";
import { liveBuffers } from "#test-support/liveBuffers.ts";
import { FuseError, residentState } from "../src/index.ts";

type State = { readonly w: np.Array; readonly m: np.Array };

const momentum = ({ w, m }: State, x: np.Array): [State, np.Array] => {
  const next = m.mul(0.9).add(np.matmul(np.matrixTranspose(x.ref), np.matmul(x, w.ref)));
  return [{ w: w.sub(next.ref.mul(0.01)), m: next }, np.sqrt(np.mean(np.square(next.ref)))];
};
/** Neither can be written in its place. */
const turned = ({ w, m }: State): [State, np.Array] => [
  { w: np.transpose(w), m: np.flip(m, 0) },
  np.zeros([1]),
];
const start = (): State => ({ w: random.normal(random.key(1), [6, 6]), m: np.zeros([6, 6]) });
const batch = (): np.Array => random.normal(random.key(2), [9, 6]);

test("steps replace the state, in its place or elsewhere, as eager ones do", async () => {
  const held = residentState(start());
  let state = start();
  for (const step of [momentum, turned, momentum, turned, turned, momentum]) {
    const input = step === momentum ? [batch()] : [];
    const result = await held.run(step as typeof momentum, ...(input as [np.Array]));
    const eager = (step as typeof momentum)(state, ...((step === momentum ? [batch()] : []) as [np.Array]));
    [state] = eager;
    expect(result.item()).toBeCloseTo(eager[1].item(), 3);
  }
  const { w, m } = await held.read();
  expect(np.allclose(w, state.w, { atol: 1e-5 })).toBe(true);
  expect(np.allclose(m, state.m, { atol: 1e-5 })).toBe(true);
  held.dispose();
});

test("nothing leaks, and inputs are used up", async () => {
  const before = await liveBuffers();
  const held = residentState(start());
  for (let i = 0; i < 3; i++) {
    const x = batch();
    (await held.run(momentum, x)).dispose();
    expect(x.refCount).toBe(0);
  }
  const sample = np.zeros([9, 6]);
  expect(held.explain(momentum, sample)).toMatch(/fused loops/);
  sample.dispose();
  const { w, m } = await held.read();
  w.dispose();
  m.dispose();
  held.dispose();
  expect(await liveBuffers()).toBe(before);
});

test("a step of another form is refused, and the state stays", async () => {
  const held = residentState({ w: np.ones([2]) });
  const wide = ({ w }: { w: np.Array }): [{ w: np.Array }, np.Array] => [
    { w: np.concatenate([w.ref, w], 0) },
    np.zeros([1]),
  ];
  await expect(held.run(wide)).rejects.toThrow(/leaf 0 of the next state is float32\[4\], not float32\[2\]/);
  const other = ({ w }: { w: np.Array }) => [{ v: w }, np.zeros([1])];
  await expect(held.run(other as never)).rejects.toThrow(FuseError);
  await expect(held.run((({ w }: { w: np.Array }) => w) as never)).rejects.toThrow(
    /a list of the next state/,
  );
  expect((await held.read()).w.js()).toEqual([1, 1]);
  expect(() => residentState({ flag: np.array([true]) })).toThrow(/bool/);
  held.dispose();
});
