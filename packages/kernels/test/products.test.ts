import { grad, numpy as np, random } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { fuse } from "../src/index.ts";

type Function = (a: np.Array, b: np.Array) => np.Array;

const draw = (seed: number, shape: readonly number[]): np.Array =>
  random.normal(random.key(seed), [...shape]);
const times = (a: np.Array, b: np.Array): np.Array => np.matmul(a, b);
const timesTurned = (a: np.Array, b: np.Array): np.Array => np.matmul(a, np.matrixTranspose(b));

async function expectSame(
  fn: Function,
  shapes: readonly (readonly number[])[],
  tolerance = 1e-5,
): Promise<void> {
  const inputs = (): [np.Array, np.Array] => [draw(1, shapes[0] ?? []), draw(2, shapes[1] ?? [])];
  const [got, wanted] = [await fuse(fn)(...inputs()), fn(...inputs())];
  expect(got.shape).toEqual(wanted.shape);
  const [found, right] = [got.dataSync(), wanted.dataSync()];
  expect(found).toHaveLength(right.length);
  const off = right.findIndex(
    (y: number, i: number) => !(Math.abs((found[i] ?? Number.NaN) - y) <= tolerance * (1 + Math.abs(y))),
  );
  if (off >= 0) expect([off, found[off]]).toEqual([off, right[off]]);
}

test.each<[string, Function, number[], number[]]>([
  ["odd sizes", times, [7, 5], [5, 9]],
  ["more terms than a block has", times, [13, 1030], [1030, 67]],
  ["more panels than a tile has", times, [9, 6], [6, 300]],
  ["rows of another matrix", timesTurned, [130, 66], [67, 66]],
  ["columns of both", (a, b) => np.matmul(np.matrixTranspose(a), b), [1030, 19], [1030, 21]],
  ["many small ones", timesTurned, [3, 4, 33, 16], [3, 4, 29, 16]],
  ["one matrix for all", times, [2, 4, 33, 12], [12, 5]],
  ["heads that lie apart", (a, b) => timesTurned(heads(a), heads(b)), [2, 33, 20], [2, 31, 20]],
  ["heads back in their order", (a, b) => merged(times(a, heads(b))), [2, 5, 33, 31], [2, 31, 20]],
  ["a vector on the right", times, [33, 12], [12]],
  ["a vector on the left", times, [12], [12, 5]],
  ["one row and one column", times, [1, 12], [12, 1]],
  ["one term", times, [9, 1], [1, 7]],
  ["flipped", (a, b) => times(np.flip(a, 1), b), [9, 12], [12, 8]],
  ["sliced and repeated", (a, b) => times(a.slice([], [1, 13]), np.broadcastTo(b, [12, 8])), [9, 13], [1, 8]],
  ["a product in a product", (a, b) => times(times(a.ref, b), a), [6, 8], [8, 6]],
  ["whole numbers", (a, b) => times(a.mul(9).astype(np.int32), b.mul(9).astype(np.int32)), [6, 8], [8, 6]],
])("products: %s", async (_, fn, a, b) => {
  await expectSame(fn, [a, b]);
});

const heads = (x: np.Array): np.Array => {
  const [batch = 0, time = 0, width = 0] = x.shape;
  return np.transpose(x.reshape([batch, time, 5, width / 5]), [0, 2, 1, 3]);
};
const merged = (x: np.Array): np.Array => np.transpose(x, [0, 2, 1, 3]);

test.each<[string, Function, number[], number[]]>([
  ["joined behind", (a, b) => np.concatenate([a, b.ref, b], 1), [9, 13], [9, 5]],
  ["joined below", (a, b) => np.concatenate([a, b], 0), [9, 13], [4, 13]],
  ["stacked by element", (a, b) => np.stack([a, b], 2), [9, 13], [9, 13]],
  ["joined and read again", (a, b) => np.sum(np.concatenate([a, b], 1).mul(2), 0), [9, 13], [9, 5]],
  [
    "padded on all sides",
    (a, b) =>
      np
        .pad(a, [
          [1, 2],
          [0, 3],
        ])
        .add(b),
    [9, 13],
    [1],
  ],
  ["halves that change places", (a, b) => swapped(a).mul(b), [9, 14], [9, 14]],
])("pieces: %s", async (_, fn, a, b) => {
  await expectSame(fn, [a, b], 1e-6);
});

function swapped(x: np.Array): np.Array {
  const [first, second] = np.split(x, 2, 1);
  if (first === undefined || second === undefined) throw new Error("a half is missing");
  return np.concatenate([second.neg(), first], 1);
}

describe("rows by their numbers", () => {
  const numbers = (): np.Array =>
    np.array(Int32Array.from([3, 0, 3, 8, 1, 3]), { shape: [2, 3], dtype: np.int32 });
  test.each<[string, Function]>([
    ["of the first axis", (a) => np.take(a, numbers(), 0)],
    ["of the last axis", (a) => np.take(a, numbers(), 1)],
    [
      "and their gradient",
      (a, b) =>
        grad((x: np.Array) =>
          np
            .take(x, numbers(), 0)
            .mul(b.reshape([1, 1, 9]))
            .sum(),
        )(a),
    ],
  ])("%s", async (_, fn) => {
    await expectSame(fn, [[9, 9], [9]], 1e-6);
  });
});

test("NaN and infinities go through products as numbers do", async () => {
  const inputs = (): [np.Array, np.Array] => [
    np.array([
      [1, Number.NaN, 2],
      [3, 4, 1 / 0],
      [5, 6, 7],
    ]),
    np.array([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, -1],
    ]),
  ];
  const [got, wanted] = [await fuse(times)(...inputs()), times(...inputs())];
  expect(got.js()).toEqual(wanted.js());
});

test("products have the same bits on one thread and on two", async () => {
  const work: Function = (a, b) => times(np.exp(times(a, b.ref)), np.matrixTranspose(b));
  const run = async (threads: number): Promise<string> => {
    const fused = fuse(work, { threads });
    const result = await fused(draw(1, [333, 64]), draw(2, [64, 700]));
    fused.dispose();
    return Buffer.from((result.dataSync() as Float32Array).slice().buffer).toString("base64");
  };
  expect(await run(2)).toBe(await run(1));
});
