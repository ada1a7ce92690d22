import { grad, lax, nn, numpy as np, random } from "@jax-js/jax";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fuse } from "../src/index.ts";

type Function = (a: np.Array, b: np.Array) => np.Array | np.Array[];

const draw = (seed: number, shape: readonly number[]): np.Array =>
  random.normal(random.key(seed), [...shape]);

/** A sum of so many float32 products in another order. */
const TOLERANCE = 2e-5;

async function expectSame(
  fn: Function,
  a: readonly number[],
  b: readonly number[],
  threads = 1,
): Promise<string> {
  const inputs = (): [np.Array, np.Array] => [draw(1, a), draw(2, b)];
  const fused = fuse(fn as (a: np.Array, b: np.Array) => np.Array[], { threads });
  const given = inputs();
  const text = fused.explain(...given);
  for (const input of given) input.dispose();
  const [got, wanted] = [[await fused(...inputs())].flat(), [fn(...inputs())].flat()];
  for (const [i, right] of wanted.entries()) {
    const found = got[i];
    expect(found?.shape).toEqual(right.shape);
    const [x, y] = [found?.dataSync() ?? [], right.dataSync()];
    for (const [k, value] of y.entries())
      if (!(Math.abs((x[k] ?? Number.NaN) - value) <= TOLERANCE * (1 + Math.abs(value))))
        expect([k, x[k]]).toEqual([k, value]);
  }
  fused.dispose();
  return text;
}

const spatial = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 3 }),
  filters: fc.integer({ min: 1, max: 4 }),
  dimensions: fc.array(
    fc.record({
      side: fc.integer({ min: 6, max: 8 }),
      kernel: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      before: fc.integer({ min: -1, max: 2 }),
      behind: fc.integer({ min: 0, max: 2 }),
      spread: fc.integer({ min: 1, max: 2 }),
      dilation: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

test("convolutions of any stride, padding and dilation, and both gradients, are those of jax-js", async () => {
  await fc.assert(
    fc.asyncProperty(spatial, async ({ n, channels, filters, dimensions }) => {
      const of = (read: (one: (typeof dimensions)[number]) => number): number[] => dimensions.map(read);
      const convolve = (x: np.Array, w: np.Array): np.Array =>
        lax.convGeneralDilated(
          x,
          w,
          of(({ stride }) => stride),
          dimensions.map(({ before, behind }): [number, number] => [before, behind]),
          { lhsDilation: of(({ spread }) => spread), rhsDilation: of(({ dilation }) => dilation) },
        );
      const a = [n, channels, ...of(({ side }) => side)];
      const b = [filters, channels, ...of(({ kernel }) => kernel)];
      await expectSame(convolve, a, b);
      const loss = (x: np.Array, w: np.Array): np.Array => np.sum(np.square(convolve(x, w)));
      await expectSame(
        (x, w) => [grad(loss)(x.ref, w.ref), grad((v: np.Array, y: np.Array) => loss(y, v))(w, x)],
        a,
        b,
      );
    }),
    { numRuns: 25 },
  );
});

const windows = fc.record({
  size: fc.integer({ min: 3, max: 9 }),
  window: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 4 }),
});

test("largest and mean of windows, beside and over each other, and their gradients", async () => {
  await fc.assert(
    fc.asyncProperty(windows, windows, async (row, column) => {
      const shape = [row.window, column.window];
      const strides = [row.stride, column.stride];
      const pool = (x: np.Array, reducer: (x: np.Array) => np.Array): np.Array => {
        const turned = lax.reduceWindow(x, reducer, shape, strides);
        return turned;
      };
      for (const reducer of [(x: np.Array) => np.max(x), (x: np.Array) => np.mean(x)]) {
        const summed = (x: np.Array): np.Array => np.sum(np.square(pool(x, reducer)));
        await expectSame(
          (x, scale) => [pool(x.ref, reducer).mul(scale), grad(summed)(x)],
          [2, row.size, column.size],
          [],
        );
      }
    }),
    { numRuns: 25 },
  );
});

test("a small net of convolutions is one compiled function, with the same bits on two threads", async () => {
  const net = (x: np.Array, w: np.Array): np.Array => {
    const first = nn.gelu(lax.convGeneralDilated(x, w, [1, 1], "SAME"), { approximate: false });
    const pooled = lax.reduceWindow(first, (y: np.Array) => np.max(y), [2, 2], [2, 2]);
    return np.sum(np.square(pooled));
  };
  const gradient: Function = (x, w) => [
    grad(net)(x.ref, w.ref),
    grad((v: np.Array, y: np.Array) => net(y, v))(w, x),
  ];
  expect(await expectSame(gradient, [3, 2, 9, 8], [4, 2, 3, 3])).toMatch(/fused loops/);
  const run = async (threads: number): Promise<Float32Array[]> => {
    const fused = fuse(gradient as (a: np.Array, b: np.Array) => np.Array[], { threads });
    const found = await fused(draw(1, [3, 2, 9, 8]), draw(2, [4, 2, 3, 3]));
    fused.dispose();
    return found.map((x) => x.dataSync() as Float32Array);
  };
  expect(await run(2)).toEqual(await run(1));
});
