import { numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { spec, TrainStep } from "../src/index.ts";
import { KernelHost } from "../src/run/kernelHost.ts";

type State = { w: np.Array; b: np.Array; m: { w: np.Array; b: np.Array }; count: np.Array };
type Batch = { x: ReturnType<typeof spec>; rate: number };

const SHAPE = [300, 400];

const start = (): State => ({
  w: random.normal(random.key(1), SHAPE).mul(0.05),
  b: random.normal(random.key(2), [400]),
  m: { w: np.zeros(SHAPE), b: np.zeros([400]) },
  count: np.array(0, { dtype: np.int32 }),
});

const batch: Batch = { x: spec([8, 300]), rate: 0.1 };
const x = (): np.Array => random.normal(random.key(3), [8, 300]);

/** Momentum with a bias correction, its columns normalised; `polar` puts matrix products into the middle of the update. */
const stepWith =
  (polar: boolean) =>
  ({ w, b, m, count }: State, { x: input, rate }: { x: np.Array; rate: np.Array }) => {
    const loss = (p: { w: np.Array; b: np.Array }): np.Array =>
      np.square(np.matmul(input, p.w).add(p.b)).mean();
    const [value, g] = valueAndGrad(loss)({ w: w.ref, b: b.ref }) as [np.Array, { w: np.Array; b: np.Array }];
    const next = count.add(1);
    const momentum = tree.map(
      (old: np.Array, fresh: np.Array) => old.mul(0.9).add(fresh.mul(0.1)),
      m,
      tree.ref(g),
    ) as State["m"];
    const correction = np.array(1).sub(np.exp(next.ref.astype(np.float32).mul(Math.log(0.9))));
    const scaled = momentum.w.ref.div(correction);
    const length = np.sqrt(np.sum(np.square(scaled.ref), 0, { keepdims: true })).add(1e-8);
    let direction = scaled.div(length);
    if (polar) {
      direction = direction.mul(0.05); // to a spectral norm of at most 1
      const gram = np.matmul(np.transpose(direction.ref), direction.ref);
      direction = direction.ref.mul(1.5).sub(np.matmul(direction, gram).mul(0.5));
    }
    const after: State = {
      w: w.sub(direction.mul(rate.ref)),
      b: b.sub(np.sign(momentum.b.ref).mul(rate)),
      m: momentum,
      count: next,
    };
    return [after, { loss: value }, g] as [State, { loss: np.Array }, typeof g];
  };

const create = (polar: boolean, options: { fusedUpdate?: boolean; threads?: number } = {}) =>
  TrainStep.create<State, Batch, { loss: np.Array }>(stepWith(polar), { state: start(), batch, ...options });

const bytesOf = (step: ReturnType<typeof create>): string[] =>
  Object.entries(step.state).map(
    ([path, data]) =>
      `${path} ${Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).toString("base64")}`,
  );

describe.each([
  ["elementwise", false, 2],
  ["around matrix products", true, 4],
] as const)("an update that is %s", (_, polar, stages) => {
  test("runs in loops by default, in place, and in graphs when told to", () => {
    const [fused, plain] = [create(polar), create(polar, { fusedUpdate: false })];
    expect(fused.explain()).toMatch(/fused loops .* passes/);
    expect(fused.program().stages).toHaveLength(stages);
    expect(plain.explain()).not.toContain("fused");
    expect(plain.program().stages).toHaveLength(2);
    fused.dispose();
    plain.dispose();
  });

  test("gives what jax-js gives, with and without loops", async () => {
    const [fused, plain] = [create(polar), create(polar, { fusedUpdate: false })];
    let state = start();
    for (let i = 0; i < 5; i++) {
      const feed = { rate: 0.1 / (i + 1) };
      const [next, { loss }, g] = stepWith(polar)(state, { x: x(), rate: np.array(feed.rate) });
      state = next;
      tree.dispose(g);
      const wanted = loss.item();
      for (const step of [fused, plain]) {
        const reported = await step.run({ x: x(), ...feed });
        expect((reported.loss?.[0] ?? 0) / wanted).toBeCloseTo(1, 5);
      }
    }
    const wanted = { w: state.w.dataSync(), b: state.b.dataSync(), "m.w": state.m.w.dataSync() };
    for (const [path, right] of Object.entries(wanted))
      for (const step of [fused, plain]) {
        const found = step.state[path] ?? [];
        let worst = 0;
        for (const [i, value] of right.entries()) worst = Math.max(worst, Math.abs((found[i] ?? 0) - value));
        expect(worst, path).toBeLessThan(1e-5);
      }
    expect(fused.state.count?.[0]).toBe(5);
    tree.dispose([state.m.b, state.count]);
    const once = 4 * (2 * 300 * 400 + 2 * 400 + 1);
    expect(fused.memory.state).toBe(once);
    fused.dispose();
    plain.dispose();
  });

  test("the same bits on one thread and on two", async () => {
    const [one, two] = [create(polar, { threads: 1 }), create(polar, { threads: 2 })];
    for (let i = 0; i < 3; i++) for (const step of [one, two]) await step.run({ x: x(), rate: 0.1 });
    // The runtime's own products may differ; what loops made of them is compared where there are none.
    if (!polar) expect(bytesOf(one)).toEqual(bytesOf(two));
    const again = create(polar, { threads: 2 });
    for (let i = 0; i < 3; i++) await again.run({ x: x(), rate: 0.1 });
    expect(bytesOf(again)).toEqual(bytesOf(two));
    for (const step of [one, two, again]) step.dispose();
  });

  test("a step that is not accepted leaves every bit as it was", async () => {
    const step = create(polar);
    await step.run({ x: x(), rate: 0.1 });
    const before = bytesOf(step);
    await step.run({ x: x(), rate: 0.1 }, () => false);
    expect(bytesOf(step)).toEqual(before);
    step.dispose();
  });

  test("leaks nothing", async () => {
    const leaked = await leakedBuffers(async () => {
      const step = create(polar);
      await step.run({ x: x(), rate: 0.1 });
      step.dispose();
    });
    expect(leaked).toBe(0);
  });
});

test("arrays that the update closes over are part of its loops", async () => {
  const mask = np.array([1, 0, 1, 0.5]);
  const step = TrainStep.create<{ p: np.Array }, { g: ReturnType<typeof spec> }, Record<string, never>>(
    ({ p }, { g }) => [{ p: p.sub(g.mul(mask.ref)) }, {}, {}],
    { state: { p: np.ones([3, 4]) }, batch: { g: spec([3, 4]) } },
  );
  expect(step.explain()).toContain("fused");
  await step.run({ g: new Array(12).fill(2) });
  expect([...(step.state.p ?? [])]).toEqual([-1, 1, -1, 0, -1, 1, -1, 0, -1, 1, -1, 0]);
  step.dispose();
  mask.dispose();
});

test("truth values in the state keep an update in graphs", async () => {
  type Flags = { p: np.Array; seen: np.Array };
  const step = TrainStep.create<Flags, Record<string, never>, Record<string, never>>(
    ({ p, seen }) => {
      const now = np.less(p.ref, 0.5);
      return [{ p: np.where(seen, p.ref, p.mul(0.25)), seen: now }, {}, {}];
    },
    { state: { p: np.ones([5]), seen: np.zeros([5]).astype(np.bool) }, batch: {} },
  );
  expect(step.explain()).not.toContain("fused");
  for (let i = 0; i < 3; i++) await step.run();
  expect(step.state.p?.[0]).toBe(1 / 16);
  step.dispose();
});

test("programs whose arrays do not fit into 4 GiB are refused beforehand", () => {
  const host = new KernelHost(1);
  const slot = (n: number) => ({ name: "x", dtype: "float32" as const, shape: [n] });
  const program = (sizes: number[]) => ({
    slots: sizes.map(slot),
    stages: [],
    inputs: [],
    outputs: [],
    weights: new Map(),
    equations: 0,
  });
  expect(host.hasRoomFor(program([2 ** 28, 2 ** 28]), new Set())).toBe(true);
  expect(host.hasRoomFor(program([2 ** 29, 2 ** 29]), new Set())).toBe(false);
  expect(host.hasRoomFor(program([2 ** 29, 2 ** 29]), new Set([0]))).toBe(true);
  host.dispose();
});
