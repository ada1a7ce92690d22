import { numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { spec } from "../src/arrays/argumentTree.ts";
import type { StepResult } from "../src/step/stepFunction.ts";
import { TrainStep } from "../src/step/trainStep.ts";
import { values } from "./support/sameAsJax.ts";

type State = { w: np.Array; momentum: np.Array; count: np.Array };
type Batch = { x: np.Array; y: np.Array; learningRate: np.Array };

const loss = (w: np.Array, x: np.Array, y: np.Array): np.Array => np.mean(np.square(np.matmul(x, w).sub(y)));

/** Heavy ball: m ← 0.9 m + g, w ← w − η m. */
function heavyBall(
  { w, momentum, count }: State,
  { x, y, learningRate }: Batch,
): [State, { loss: np.Array }] {
  const [value, g] = valueAndGrad(loss)(w.ref, x, y);
  const m = momentum.mul(0.9).add(g);
  return [{ w: w.sub(m.ref.mul(learningRate)), momentum: m, count: count.add(1) }, { loss: value }];
}

/** The same with its gradient named, so that the state is overwritten. */
function inPlace(state: State, { x, y, learningRate }: Batch): StepResult<State, { loss: np.Array }> {
  const { w, momentum, count } = state;
  const [value, g] = valueAndGrad(loss)(w.ref, x, y);
  const m = momentum.mul(0.9).add(g.ref);
  const next = { w: w.sub(m.ref.mul(learningRate)), momentum: m, count: count.add(1) };
  return [next, { loss: value }, g];
}

const start = (): State => ({
  w: values([5, 2]),
  momentum: np.zeros([5, 2]),
  count: np.array(0, { dtype: np.int32 }),
});
const batch = { x: spec([7, 5]), y: spec([7, 2]), learningRate: 0.1 };
const data = (seed: number) => ({
  x: values([7, 5], seed),
  y: values([7, 2], seed + 50),
  learningRate: 0.05 + 0.01 * seed,
});

describe("TrainStep", () => {
  test("ten steps give what jax-js gives", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    let state = start();
    for (let i = 0; i < 10; i++) {
      const { loss: native } = await step.run(data(i));
      const { learningRate, ...rest } = data(i);
      const [next, out] = heavyBall(state, { ...rest, learningRate: np.array(learningRate) });
      state = next;
      expect(native?.[0]).toBeCloseTo(out.loss.item(), 5);
    }
    const native = step.getState();
    expect(native.count.item()).toBe(10);
    // ten steps of float32 with sums of 7 terms in another order
    expect(np.allclose(native.w, state.w, { rtol: 1e-5, atol: 1e-6 })).toBe(true);
    tree.dispose([native.momentum, state.momentum, state.count]);
    step.dispose();
  });

  test("a step that is not accepted leaves state and step count, whether or not the state is overwritten", async () => {
    for (const fn of [heavyBall, inPlace]) {
      const step = TrainStep.create(fn, { state: start(), batch });
      await step.run(data(0));
      const before = Object.values(step.state).map((array) => [...array]);
      const seen: number[] = [];
      const refused = await step.run(data(1), ({ loss }) => {
        seen.push(loss?.[0] ?? Number.NaN);
        return false;
      });
      expect(Object.values(step.state).map((array) => [...array])).toEqual(before);
      expect(step.steps).toBe(1);
      expect(seen).toEqual([refused.loss?.[0]]);
      await step.run(data(1), () => true);
      expect(step.state.count?.[0]).toBe(2);
      step.dispose();
    }
  });

  test("phases take turns, and a leaf that a phase leaves alone stays", async () => {
    const step = TrainStep.create(
      ({ a, b }: { a: np.Array; b: np.Array }, { by }: { by: np.Array }, phase: number) =>
        [phase === 0 ? { a: a.add(by), b } : { a, b: b.add(by.mul(10)) }, {}] as [
          { a: np.Array; b: np.Array },
          object & Record<string, np.Array>,
        ],
      { state: { a: np.zeros([2]), b: np.zeros([2]) }, batch: { by: 1 }, phases: 3 },
    );
    const seen: number[][] = [];
    for (let i = 0; i < 7; i++) {
      await step.run();
      seen.push([step.state["a"]?.[0] ?? -1, step.state["b"]?.[1] ?? -1]);
    }
    expect(seen).toEqual([
      [1, 0],
      [1, 10],
      [1, 20],
      [2, 20],
      [2, 30],
      [2, 40],
      [3, 40],
    ]);
    step.dispose();
  });

  test("the new state may have its keys in any order", async () => {
    type Nested = { a: np.Array; list: { b: np.Array; c: np.Array }[] };
    const step = TrainStep.create(
      ({ a, list: [first] }: Nested): [Nested, Record<string, np.Array>] => {
        if (first === undefined) throw new Error("no list");
        return [{ list: [{ c: first.c.add(3), b: first.b.add(2) }], a: a.add(1) }, {}];
      },
      { state: { a: np.zeros([2]), list: [{ b: np.zeros([2]), c: np.zeros([2]) }] }, batch: {} },
    );
    await step.run();
    const first = Object.entries(step.state).map(([path, [value]]) => [path, value]);
    expect(first).toEqual([
      ["a", 1],
      ["list.0.b", 2],
      ["list.0.c", 3],
    ]);
    step.dispose();
  });

  test("leaves that change places", async () => {
    type Pair = { a: np.Array; b: np.Array };
    const swap = ({ a, b }: Pair): [Pair, { first: np.Array }] => [{ a: b.ref, b: a }, { first: b }];
    const step = TrainStep.create(swap, {
      state: { a: np.array([1, 2]), b: np.array([3, 4]) },
      batch: { unused: 0 },
    });
    const { first } = await step.run();
    expect([...(first ?? [])]).toEqual([3, 4]);
    expect([...(step.state["a"] ?? [])]).toEqual([3, 4]);
    expect([...(step.state["b"] ?? [])]).toEqual([1, 2]);
    await step.run();
    expect([...(step.state["a"] ?? [])]).toEqual([1, 2]);
    step.dispose();
  });

  test("state is shared memory; saving and restoring repeats a run bit for bit", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    await step.run(data(0));
    const saved = step.getState();
    await step.run(data(1));
    const once = [...(step.state["w"] ?? [])];
    expect(step.state["w"]?.buffer).toBeInstanceOf(SharedArrayBuffer);
    step.setState(saved);
    step.steps = 1;
    await step.run(data(1));
    expect([...(step.state["w"] ?? [])]).toEqual(once);
    step.dispose();
  });

  test("a derived function reads the live state", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    const validate = step.derive(
      (state: State, { x, y }: { x: np.Array; y: np.Array }) => {
        tree.dispose([state.momentum, state.count]);
        return { loss: loss(state.w, x, y) };
      },
      { batch: { x: spec([3, 5]), y: spec([3, 2]) } },
    );
    const feed = { x: values([3, 5], 7), y: values([3, 2], 8) };
    for (let i = 0; i < 3; i++) {
      await step.run(data(i));
      const { loss: native } = await validate.run(tree.ref(feed));
      const { w, momentum, count } = step.getState();
      tree.dispose([momentum, count]);
      expect(native?.[0]).toBeCloseTo(loss(w, feed.x.ref, feed.y.ref).item(), 5);
    }
    tree.dispose(feed);
    const running = step.run(data(0));
    await expect(validate.run()).rejects.toThrow(/still running/);
    await running;
    validate.dispose();
    step.dispose();
  });

  test("errors name the leaf", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    await expect(step.run({ ...data(0), x: values([8, 5]) })).rejects.toThrow(
      'batch "x" is float32[8,5], the step was compiled for float32[7,5]',
    );
    await expect(step.run({ ...data(0), y: [1, 2, 3] })).rejects.toThrow(/"y" has 3 elements/);
    const [first, second] = [step.run(data(0)), step.run(data(1))];
    await expect(second).rejects.toThrow(/still running/);
    await first;
    step.dispose();
    const grows = ({ w }: { w: np.Array }): [{ w: np.Array }, Record<string, np.Array>] => [
      { w: np.concatenate([w.ref, w]) },
      {},
    ];
    const state = { w: np.ones([2]) };
    expect(() => TrainStep.create(grows, { state, batch: {} })).toThrow(
      'the new state has "w" as float32[4], expected float32[2]',
    );
    state.w.dispose();
  });

  test("a thousand steps do not grow the process", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    const feed = { x: new Float32Array(35).fill(0.1), y: new Float32Array(14).fill(0.2), learningRate: 0.01 };
    for (let i = 0; i < 500; i++) await step.run(feed);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 1000; i++) await step.run(feed);
    // a leak of one handle and its buffers a step would be far more than garbage waiting for collection
    expect(process.memoryUsage().rss - before).toBeLessThan(30e6);
    const rest = { batch: (35 + 14 + 1) * 4, outputs: 4 };
    expect(step.memory).toEqual({ state: 2 * (10 + 10 + 1) * 4, between: 0, ...rest });
    step.dispose();
  });

  test("with its gradient named, a step overwrites the state: the same numbers, one array a leaf", async () => {
    const [twice, once] = [heavyBall, inPlace].map((fn) => TrainStep.create(fn, { state: start(), batch }));
    const w = once?.state.w;
    for (let i = 0; i < 5; i++) {
      await twice?.run(data(i));
      await once?.run(data(i));
      expect(Object.values(once?.state ?? {}).map((array) => [...array])).toEqual(
        Object.values(twice?.state ?? {}).map((array) => [...array]),
      );
    }
    expect(once?.state.w).toBe(w);
    expect(once?.memory).toMatchObject({ state: (10 + 10 + 1) * 4, between: 10 * 4 });
    expect(once?.explain()).toMatch(/in 2 stage/);
    for (const step of [twice, once]) step?.dispose();
  });

  test("leaks nothing", async () => {
    const leaked = await leakedBuffers(async () => {
      const step = TrainStep.create(heavyBall, { state: start(), batch });
      await step.run(data(0));
      await step.run(data(1));
      tree.dispose(step.getState());
      step.dispose();
    });
    expect(leaked).toBe(0);
  });

  test("a state whose keys come in another order goes where its names say", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    const { w, momentum, count } = start();
    const swapped = { momentum: w.add(10), count, w: momentum.add(20) };
    step.setState(swapped);
    expect(step.state.momentum?.[0]).toBeCloseTo(10 + (values([5, 2]).dataSync()[0] ?? 0), 5);
    expect(step.state.w?.[0]).toBe(20);
    const { x, y, learningRate } = data(0);
    await step.run({ learningRate, y, x });
    const leaks = await leakedBuffers(() => {
      const { w: a, momentum: b, count: c } = start();
      step.setState({ count: c, momentum: b, w: a });
    });
    expect(leaks).toBe(0);
    step.dispose();
  });

  test("a feed with a name that the batch lacks is refused", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    const feed = { ...data(0), learning_rate: 0.5 };
    await expect(step.run(feed)).rejects.toThrow(/the feed has "learning_rate".*"x", "y", "learningRate"/);
    expect(step.steps).toBe(0);
    step.dispose();
  });

  test("after dispose it does not run", async () => {
    const step = TrainStep.create(heavyBall, { state: start(), batch });
    await step.run(data(0));
    step.dispose();
    await expect(step.run(data(1))).rejects.toThrow(/disposed/);
    expect(step.steps).toBe(1);
  });
});
