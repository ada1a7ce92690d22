import { jit, lax, numpy as np, random } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { liveBuffers } from "#test-support/liveBuffers.ts";
import { FuseError, fuse } from "../src/index.ts";

const SIZES = [0, 1, 3, 4, 5, 1023, 2 ** 16 + 1];

/** AdamW's arithmetic on a list of numbers. */
const adam = (p: np.Array, g: np.Array, m: np.Array, v: np.Array): np.Array[] => {
  const first = m.mul(0.9).add(g.ref.mul(0.1));
  const second = v.mul(0.999).add(np.square(g).mul(0.001));
  const step = first.ref.div(np.sqrt(second.ref).add(1e-8));
  return [p.ref.sub(step.add(p.mul(0.01)).mul(1e-3)), first, second];
};

const ramp = (n: number, from: number): np.Array =>
  np.array(Float32Array.from({ length: n + 1 }, (_, i) => from + 0.01 * ((i * 7919) % 211))).slice([0, n]);

test.each(SIZES)("several results of %i elements in one pass, bit for bit as jax-js has them", async (n) => {
  const inputs = (): [np.Array, np.Array, np.Array, np.Array] => [
    ramp(n, -1),
    ramp(n, -0.5),
    ramp(n, 0.1),
    ramp(n, 0),
  ];
  const fused = fuse(adam);
  expect(fused.explain(...inputs())).toMatch(n === 0 ? /^0 fused loops/ : /^1 fused loops .* in 1 passes/);
  const [got, wanted] = [await fused(...inputs()), adam(...inputs())];
  for (const [i, array] of wanted.entries()) {
    const [found, right] = [got[i]?.dataSync() ?? [], array.dataSync()];
    expect(found).toHaveLength(n);
    for (let k = 0; k < n; k += 1) if (!Object.is(found[k], right[k])) expect(found[k]).toBe(right[k]);
  }
});

test.each(SIZES.slice(1))("sum, mean, largest and least of %i elements", async (n) => {
  const fused = fuse((x: np.Array) => [np.sum(x.ref), np.max(x.ref), np.min(x)]);
  const values = Float32Array.from({ length: n }, (_, i) => ((i * 7919) % 211) - 100.5);
  const [sum, most, least] = (await fused(np.array(values))).map((x) => x.item());
  expect(sum).toBeCloseTo(
    values.reduce((a, b) => a + b, 0),
    3,
  );
  expect(most).toBe(Math.max(...values.slice(0, 211)));
  expect(least).toBe(Math.min(...values.slice(0, 211)));
});

test("what is multiplied by a known 0 is left out, NaN too, and known zeros keep signs, as in jax-js", async () => {
  const all = (x: np.Array): np.Array[] => {
    const zero = (): np.Array => x.ref.mul(0);
    const one = (): np.Array => np.sqrt(np.reciprocal(zero().add(1)));
    return [
      zero(),
      x.ref.mul(-0),
      np.reciprocal(zero().neg()),
      np.divide(0, x.ref),
      np.mean(x.ref).mul(0),
      np.sum(zero()),
      x.ref.mul(np.array(false)),
      x.ref.mul(np.zeros([2, 1])),
      x.ref
        .reshape([2, 5])
        .mul(one().reshape([2, 5]))
        .transpose(),
      x.ref.add(np.zeros([1])),
      x.ref.astype(np.int32).mul(0),
      x.ref.mul(1),
      x.ref.div(0),
      x.ref.add(np.array(1 / 0).mul(0)),
      np.where(np.less(x.ref, 0), zero(), x.ref),
      jit((y: np.Array) =>
        np
          .floor(y.ref.mul(0))
          .add(np.ceil(y.ref.mul(0)))
          .mul(y),
      )(x),
    ];
  };
  const input = (): np.Array => np.array([Number.NaN, 1 / 0, -1 / 0, -0, 0, 1e-42, -3e-45, 3.4e38, -1.5, 2]);
  const [got, wanted] = [await fuse(all)(input()), all(input())];
  for (const [i, array] of wanted.entries()) {
    expect(got[i]?.shape, `result ${i}`).toEqual(array.shape);
    expect([...(got[i]?.dataSync() ?? [])], `result ${i}`).toEqual([...array.dataSync()]);
  }
});

test("special numbers go through as in jax-js", async () => {
  const special = [Number.NaN, 1 / 0, -1 / 0, -0, 0, 1e-42, -3e-45, 3.4e38, -1.5, 2];
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
  const [a, b] = [0, 1].map((i) => Float32Array.from(pairs, (pair) => pair[i] ?? 0)) as [
    Float32Array,
    Float32Array,
  ];
  const all = (x: np.Array, y: np.Array): np.Array[] => [
    x.ref.add(y.ref),
    x.ref.mul(y.ref),
    x.ref.div(y.ref),
    np.minimum(x.ref, y.ref),
    np.maximum(x.ref, y.ref),
    np.negative(x.ref),
    np.sqrt(x.ref),
    np.where(np.less(x.ref, y.ref), x.ref, y.ref),
    np.where(np.lessEqual(x.ref, y.ref), 1, 0),
    np.where(np.notEqual(x.ref, y.ref), x.ref, 0),
    np.floor(x.ref),
    np.ceil(x.ref),
    x.ref.astype(np.int32),
    np.abs(x.ref).astype(np.uint32),
    x.astype(np.bool).astype(np.float32).add(y),
  ];
  const inputs = (): [np.Array, np.Array] => [
    np.array(a as Float32Array<ArrayBuffer>),
    np.array(b as Float32Array<ArrayBuffer>),
  ];
  const [got, wanted] = [await fuse(all)(...inputs()), all(...inputs())];
  for (const [i, array] of wanted.entries())
    expect([...(got[i]?.dataSync() ?? [])], `result ${i}`).toEqual([...array.dataSync()]);
});

test.each([
  ["NaN among numbers", [1, Number.NaN, 3, -2, 5], Number.NaN, Number.NaN],
  ["zeros of both signs", [-0, 0, -0, 0, -0], 0, -0],
  ["infinities", [1, -1 / 0, 3, 1 / 0, 5], 1 / 0, -1 / 0],
  ["negative numbers", [-1, -2, -1e-42, -3e38, -4], -1e-42, -3e38],
])("largest and least of %s", async (_, list, most, least) => {
  const fused = fuse((x: np.Array) => [np.max(x.ref), np.min(x)]);
  const [a, b] = (await fused(np.array(Float32Array.from(list)))).map((x) => x.item());
  expect(a).toBe(Math.fround(most));
  expect(b).toBe(Math.fround(least));
});

describe("sums are right for many terms", () => {
  test("2²⁶ times 0.1 within 1 in 10⁶", async () => {
    const fused = fuse((x: np.Array) => np.sum(np.broadcastTo(x, [2 ** 26])));
    const sum = (await fused(np.array([0.1, 0.2]).slice([0, 1]))).item();
    expect(Math.abs(sum / (2 ** 26 * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
  });

  test("columns of 10,000 rows within 5 in 10⁶", async () => {
    const fused = fuse((x: np.Array) => np.sum(np.broadcastTo(x, [10_000, 7]), 0));
    const sums = (await fused(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]))).dataSync();
    for (const [i, sum] of sums.entries())
      expect(Math.abs(sum / (10_000 * Math.fround((i + 1) / 10)) - 1)).toBeLessThan(5e-6);
  });

  test("an infinite term makes the sum infinite, not NaN", async () => {
    const fused = fuse((x: np.Array) => np.sum(x));
    expect((await fused(np.array(Float32Array.from([1, 1 / 0, 2, 3])))).item()).toBe(1 / 0);
  });
});

describe("the same bits on one thread and on two", () => {
  const work = (x: np.Array, y: np.Array): np.Array[] => {
    const scaled = x.ref.div(np.sqrt(np.sum(np.square(x.ref), 0, { keepdims: true })));
    return [np.sum(x.ref.mul(y.ref)), np.sum(x.ref, 1), np.exp(scaled.ref).add(np.max(y)), scaled, x];
  };
  test.each([[[1200, 333]], [[3, 70_001]], [[64, 16, 300]]])("%j", async (shape) => {
    const run = async (threads: number): Promise<string[]> => {
      const fused = fuse(work, { threads });
      const [x, y] = [random.normal(random.key(1), shape), random.normal(random.key(2), shape)];
      const results: string[] = [];
      for (let i = 0; i < 3; i++)
        for (const array of await fused(x.ref, y.ref))
          results.push(Buffer.from((array.dataSync() as Float32Array).slice().buffer).toString("base64"));
      x.dispose();
      y.dispose();
      fused.dispose();
      return results;
    };
    const [one, two] = [await run(1), await run(2)];
    expect(one.every((text, i) => text === two[i])).toBe(true);
    expect(one.slice(0, 5)).toEqual(one.slice(5, 10));
  });
});

test("no array leaks, and arguments are used up", async () => {
  const fused = fuse((x: np.Array, y: np.Array) => np.sum(x.mul(y), 1));
  const before = await liveBuffers();
  for (let i = 0; i < 3; i++) {
    const x = np.ones([5, 7]);
    (await fused(x, np.zeros([7]))).dispose();
    expect(x.refCount).toBe(0);
  }
  expect(await liveBuffers()).toBe(before);
});

test("a decomposition is refused by name", async () => {
  const fused = fuse((x: np.Array) => lax.linalg.cholesky(x));
  await expect(fused(np.eye(4))).rejects.toThrow(FuseError);
  await expect(fused(np.eye(4))).rejects.toThrow(/loops have no cholesky, in .*cholesky/);
});

test("so are other types and thread counts", async () => {
  await expect(fuse((x: np.Array) => np.less(x, 1))(np.ones([3]))).rejects.toThrow(/bool/);
  expect(() => fuse((x: np.Array) => x, { threads: 0 })).toThrow(/threads must be .* got 0/);
});
