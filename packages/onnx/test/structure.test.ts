import { grad, lax, nn, numpy as np, random, vmap } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { bools, type Fn, integers, sameAsJax, unsigned, values } from "./support/sameAsJax.ts";

type Case = [name: string, fn: Fn, make: () => unknown[], options?: { tolerance?: number; floor?: number }];

const reductions: Case[] = [
  // the terms, up to 2 in size, nearly cancel
  ["sum of everything", (x: np.Array) => np.sum(x), () => [values([3, 4, 5])], { floor: 2 }],
  ["sum over middle axis", (x: np.Array) => np.sum(x, 1), () => [values([3, 4, 5])]],
  ["sum over outer axes", (x: np.Array) => np.sum(x, [0, 2]), () => [values([3, 4, 5])]],
  ["sum of a broadcast", (x: np.Array) => np.sum(np.broadcastTo(x, [6, 4]), 0), () => [values([4])]],
  ["sum int32", (x: np.Array) => np.sum(x, 0), () => [integers([5, 3], -9, 9)]],
  ["sum uint32", (x: np.Array) => np.sum(x, 0), () => [unsigned([5, 3])]],
  ["sum float64", (x: np.Array) => np.sum(x, 0), () => [values([5, 3]).astype(np.float64)]],
  ["product", (x: np.Array) => np.prod(x, 1), () => [values([3, 4])]],
  ["product of a broadcast", (x: np.Array) => np.prod(np.broadcastTo(x, [3, 4]), 0), () => [values([4])]],
  ["max", (x: np.Array) => np.max(x, 1), () => [values([3, 4, 2])]],
  ["max uint32", (x: np.Array) => np.max(x), () => [unsigned([7])]],
  ["min uint32", (x: np.Array) => np.min(x, 0), () => [unsigned([7, 2])]],
  ["product uint32 wraps", (x: np.Array) => np.prod(x, 0), () => [unsigned([7, 2])]],
  ["min int32", (x: np.Array) => np.min(x, [0, 1]), () => [integers([3, 4, 2], -9, 9)]],
  ["any", (x: np.Array) => np.any(x, 0), () => [bools([3, 4])]],
  ["all", (x: np.Array) => np.all(x, 0), () => [bools([3, 4])]],
  ["argmax", (x: np.Array) => np.argmax(x, 1), () => [values([3, 7])]],
  ["cumsum", (x: np.Array) => np.cumsum(x, 1), () => [values([3, 7])]],
  ["var", (x: np.Array) => np.var_(x, 0), () => [values([9, 2])]],
];

const products: Case[] = [
  ["matrix", np.matmul, () => [values([3, 4]), values([4, 5], 1)]],
  [
    "matrix of transposes",
    (x: np.Array, y: np.Array) => np.matmul(x.transpose(), y.transpose()),
    () => [values([4, 3]), values([5, 4], 1)],
  ],
  ["batched", np.matmul, () => [values([2, 3, 4]), values([2, 4, 5], 1)]],
  ["batched with broadcast", np.matmul, () => [values([2, 3, 4]), values([4, 5], 1)]],
  ["matrix and vector", np.matmul, () => [values([3, 4]), values([4], 1)]],
  ["vectors", np.dot, () => [values([9]), values([9], 1)]],
  ["int32", np.matmul, () => [integers([3, 4], -5, 5), integers([4, 2], -5, 5, 1)]],
  ["uint32", np.matmul, () => [unsigned([3, 4]), unsigned([4, 2], 1)]],
  ["float64", np.matmul, () => [values([3, 4]).astype(np.float64), values([4, 2], 1).astype(np.float64)]],
  [
    "heads",
    (q: np.Array, k: np.Array) =>
      lax.dot(q.transpose([0, 2, 1, 3]), k.transpose([0, 2, 1, 3]), {
        lhsBatchDims: [0, 1],
        rhsBatchDims: [0, 1],
        lhsContractingDims: [-1],
        rhsContractingDims: [-1],
      }),
    () => [values([2, 5, 3, 4]), values([2, 6, 3, 4], 1)],
  ],
  [
    "two contracted axes",
    (x: np.Array, y: np.Array) =>
      np.tensordot(x, y, [
        [0, 1],
        [1, 0],
      ]),
    () => [values([3, 4, 2]), values([4, 3, 5], 1)],
  ],
  ["outer", np.outer, () => [values([3]), values([4], 1)]],
  [
    "gradient of a product",
    grad((x: np.Array, y: np.Array) => np.sum(np.square(np.matmul(x, y)))),
    () => [values([2, 3, 4]), values([4, 5], 1)],
  ],
  ["contraction of size 1", np.matmul, () => [values([3, 1]), values([1, 5], 1)]],
  [
    "repeated contraction",
    (x: np.Array, y: np.Array) => np.matmul(np.broadcastTo(x, [3, 4]), y),
    () => [values([3, 1]), values([4, 5], 1)],
  ],
];

const moves: Case[] = [
  ["transpose", (x: np.Array) => x.transpose([2, 0, 3, 1]), () => [values([2, 3, 4, 5])]],
  [
    "transpose twice",
    (x: np.Array) => x.transpose([2, 0, 1]).transpose([1, 0, 2]),
    () => [values([2, 3, 4])],
  ],
  [
    "reshape that merges across a transpose",
    (x: np.Array) => x.transpose([1, 0, 2]).reshape([12, 2]),
    () => [values([3, 4, 2])],
  ],
  [
    "reshape that splits under a transpose",
    (x: np.Array) => x.transpose().reshape([2, 2, 6]),
    () => [values([6, 4])],
  ],
  ["reshape of a broadcast", (x: np.Array) => np.broadcastTo(x, [3, 4]).reshape([2, 6]), () => [values([4])]],
  ["reshape to a scalar", (x: np.Array) => x.reshape([]), () => [values([1, 1])]],
  ["broadcast", (x: np.Array) => np.broadcastTo(x, [2, 3, 4]), () => [values([3, 1])]],
  ["flip", (x: np.Array) => np.flip(x, [0, 2]), () => [values([3, 4, 5])]],
  ["flip of a broadcast", (x: np.Array) => np.flip(np.broadcastTo(x, [3, 4]), [0, 1]), () => [values([4])]],
  ["slice", (x: np.Array) => x.slice([1, 3], 2, []), () => [values([4, 5, 3])]],
  [
    "pad",
    (x: np.Array) =>
      np.pad(x, [
        [1, 2],
        [0, 3],
      ]),
    () => [values([2, 3])],
  ],
  [
    "pad of a broadcast",
    (x: np.Array) =>
      np.pad(np.broadcastTo(x, [2, 3]), [
        [1, 2],
        [0, 3],
      ]),
    () => [values([3])],
  ],
  ["pad bool", (x: np.Array) => np.pad(x, [[1, 2]]), () => [bools([3])]],
  [
    "concatenate",
    (x: np.Array, y: np.Array) => np.concatenate([x, y], 1),
    () => [values([2, 3]), values([2, 4], 1)],
  ],
  [
    "concatenate with a broadcast",
    (x: np.Array, y: np.Array) => np.concatenate([x, np.broadcastTo(y, [2, 4])], 1),
    () => [values([2, 3]), values([2, 1], 1)],
  ],
  [
    "concatenate transposed",
    (x: np.Array, y: np.Array) => np.concatenate([x.transpose(), y.transpose()], 0),
    () => [values([2, 3]), values([2, 4], 1)],
  ],
  [
    "concatenate mixed dtypes",
    (x: np.Array, y: np.Array) => np.concatenate([x, y], 0),
    () => [values([2]), integers([3], 0, 9)],
  ],
  ["split", (x: np.Array) => np.split(x, [1, 3], 1), () => [values([2, 5])]],
  ["split of a broadcast", (x: np.Array) => np.split(np.broadcastTo(x, [4, 3]), 2, 0), () => [values([3])]],
  ["diagonal", (x: np.Array) => x.diagonal(1), () => [values([4, 5])]],
];

const indexing: Case[] = [
  ["rows", (x: np.Array, i: np.Array) => x.slice(i), () => [values([5, 3]), integers([4], 0, 5)]],
  [
    "rows by a matrix of indices",
    (x: np.Array, i: np.Array) => x.slice(i),
    () => [values([5, 3]), integers([2, 3], 0, 5)],
  ],
  ["columns", (x: np.Array, i: np.Array) => x.slice([], i), () => [values([5, 3]), integers([4], 0, 3)]],
  [
    "pairs",
    (x: np.Array, i: np.Array, j: np.Array) => x.slice(i, j),
    () => [values([5, 3]), integers([4], 0, 5), integers([4], 0, 3, 1)],
  ],
  [
    "pairs apart",
    (x: np.Array, i: np.Array, j: np.Array) => x.slice(i, [], j),
    () => [values([5, 2, 3]), integers([4], 0, 5), integers([2, 1], 0, 3, 1)],
  ],
  [
    "uint32 indices",
    (x: np.Array, i: np.Array) => x.slice(i.astype(np.uint32)),
    () => [values([5, 3]), integers([4], 0, 5)],
  ],
  [
    "of a transpose",
    (x: np.Array, i: np.Array) => x.transpose().slice(i),
    () => [values([3, 5]), integers([4], 0, 5)],
  ],
  [
    "of a broadcast",
    (x: np.Array, i: np.Array) => np.broadcastTo(x, [4, 3]).slice(i),
    () => [values([3]), integers([2], 0, 4)],
  ],
  ["one-hot", (i: np.Array) => nn.oneHot(i, 6), () => [integers([4], 0, 6)]],
  [
    "gradient, repeated rows",
    grad((x: np.Array, i: np.Array) => np.sum(np.square(x.slice(i)))),
    () => [values([3, 2]), integers([7], 0, 3)],
  ],
  [
    "gradient, pairs",
    grad((x: np.Array, i: np.Array, j: np.Array) => np.sum(np.square(x.slice(i, j)))),
    () => [values([3, 2]), integers([7], 0, 3), integers([7], 0, 2, 1)],
  ],
  [
    "takeAlongAxis",
    (x: np.Array, i: np.Array) => np.takeAlongAxis(x, i, 1),
    () => [values([3, 5]), integers([3, 2], 0, 5)],
  ],
];

const sorting: Case[] = [
  ["sort", (x: np.Array) => np.sort(x), () => [values([3, 9])]],
  ["sort axis 0", (x: np.Array) => np.sort(x, 0), () => [values([5, 2])]],
  ["sort uint32", (x: np.Array) => np.sort(x), () => [unsigned([9])]],
  ["sort int32", (x: np.Array) => np.sort(x), () => [integers([20], -4, 4)]],
  ["argsort with ties", (x: np.Array) => np.argsort(x), () => [integers([2, 20], -4, 4)]],
  ["argsort of repeats", (x: np.Array) => np.argsort(np.broadcastTo(x, [3, 4])), () => [values([3, 1])]],
  [
    "gradient of sort",
    grad((x: np.Array, w: np.Array) => np.sum(np.sort(x).mul(w))),
    () => [values([3, 6]), values([3, 6], 3)],
  ],
];

const transforms: Case[] = [
  [
    "fft",
    (re: np.Array, im: np.Array) => Object.values(np.fft.fft({ real: re, imag: im })),
    () => [values([2, 12]), values([2, 12], 1)],
  ],
  [
    "ifft",
    (re: np.Array, im: np.Array) => Object.values(np.fft.ifft({ real: re, imag: im })),
    () => [values([2, 10]), values([2, 10], 1)],
  ],
  ["rfft", (x: np.Array) => Object.values(np.fft.rfft(x)), () => [values([16])]],
  ["random bits", (k: np.Array) => random.bits(k, [3, 5]), () => [random.key(7)]],
  ["random uniform", (k: np.Array) => random.uniform(k, [40]), () => [random.key(1)]],
  ["random normal", (k: np.Array) => random.normal(k, [40]), () => [random.key(2)], { tolerance: 1e-5 }],
  ["split keys", (k: np.Array) => random.split(k, 3), () => [random.key(3)]],
  [
    "vmapped random",
    (k: np.Array) => vmap((key: np.Array) => random.bits(key, [4]))(random.split(k, 3)),
    () => [random.key(3)],
  ],
];

for (const [title, cases] of Object.entries({ reductions, products, moves, indexing, sorting, transforms }))
  describe(`${title}, against jax-js`, () => {
    for (const [name, fn, make, options] of cases) test(name, () => sameAsJax(fn, make(), options));
  });

test("a long sum is exact to rounding, because it is done in two stages", async () => {
  const n = 2 ** 20;
  const compiled = compile((x: np.Array) => [np.sum(x.ref), np.sum(x.reshape([4, n / 4]), 1)] as const);
  const [all, rows] = await compiled(np.array(new Float32Array(n).fill(0.1)));
  compiled.dispose();
  const exact = n * Math.fround(0.1);
  // 1024 terms, then 1024 sums: some 2e-6; in one stage it is 1e-3
  expect(Math.abs(all.item() / exact - 1)).toBeLessThan(1e-5);
  for (const row of rows.js() as number[]) expect(Math.abs((4 * row) / exact - 1)).toBeLessThan(1e-5);
});
