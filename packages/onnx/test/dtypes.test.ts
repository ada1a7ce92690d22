import { grad, lax, nn, numpy as np, random } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { halfBits, roundToHalf } from "../src/arrays/half.ts";
import { compile } from "../src/compile.ts";
import { type Fn, sameAsJax, values } from "./support/sameAsJax.ts";

const row = (...numbers: number[]) => np.array(new Float32Array(numbers));
const matrix = (): np.Array => row(2, 1, 0.5, 3).reshape([2, 2]);

type Case = [name: string, fn: Fn, make: () => unknown[]];

const cases: Case[] = [
  ["invert uint32", np.invert, () => [np.array(new Uint32Array([0, 7, 2 ** 32 - 1]))]],
  ["invert int32", np.invert, () => [np.array(new Int32Array([0, 7, -1]))]],
  [
    "all and any of nothing",
    (x: np.Array) => [np.all(x.ref), np.any(x)],
    () => [np.zeros([0], { dtype: np.bool })],
  ],
  ...(["float32", "int32", "uint32"] as const).map(
    (dtype): Case => [
      `largest and smallest of nothing, ${dtype}`,
      (x: np.Array) => [np.max(x.ref, 1), np.min(x.ref, 0), np.max(x.ref), np.min(x)],
      () => [np.zeros([2, 0], { dtype: np[dtype] })],
    ],
  ),
  ["range of bool", (x: np.Array) => np.ptp(np.greater(x, 0)), () => [row(-1, 0, 2)]],
  ["negative of bool", (x: np.Array) => np.negative(np.greater(x, 0)), () => [row(-1, 0, 2)]],
  [
    "floats beyond int32 and uint32",
    (x: np.Array) => [x.ref.astype(np.int32), x.astype(np.uint32)],
    () => [row(3e9, -3e9, 1e20, -1e20, Number.NaN, Infinity, -Infinity, -1.5, 4294967040)],
  ],
  [
    "float64 beyond int32 and uint32",
    (x: np.Array) => [x.ref.astype(np.int32), x.astype(np.uint32)],
    () => [np.array(new Float64Array([2147483647.9, -2147483648.9, 4294967295.9, 1e300, Number.NaN]))],
  ],
  [
    "numbers beyond int32 and uint32",
    (x: np.Array) => [np.add(x.ref, np.array(3e9).astype(np.int32)), np.full([2], 5e9).astype(np.uint32)],
    () => [np.array(new Int32Array([0, -1]))],
  ],
  [
    "sum and product of int32 wrap around",
    (x: np.Array) => [np.sum(x.ref), np.prod(x.ref), np.sum(np.broadcastTo(x, [5, 3]), 0)],
    () => [np.array(new Int32Array([2 ** 31 - 1, 2 ** 30, 3]))],
  ],
  [
    "a product of known integers wraps around",
    (x: np.Array) => np.add(np.square(np.min(x, 0)), np.array(new Uint32Array([3]))),
    () => [np.zeros([0, 1], { dtype: np.uint32 })],
  ],
  [
    "second derivative of det",
    grad((x: np.Array) => np.sum(np.square(grad((y: np.Array) => np.linalg.det(y))(x)))),
    () => [matrix()],
  ],
  [
    "solve for a constant matrix",
    (b: np.Array) =>
      np.linalg.solve(
        np.array([
          [2, 1],
          [0, 1],
        ]),
        b,
      ),
    () => [matrix()],
  ],
  [
    "triangular solve for a constant matrix",
    (b: np.Array) =>
      lax.linalg.triangularSolve(
        np.array([
          [2, 1],
          [0, 4],
        ]),
        b,
        { leftSide: true },
      ),
    () => [matrix()],
  ],
];

describe("element types, against jax-js", () => {
  for (const [name, fn, make] of cases) test(name, () => sameAsJax(fn, make()));
});

describe("what jax-js writes in newer JavaScript than Node 20's", () => {
  const newer: Case[] = [
    ["einsum", (x: np.Array) => np.einsum("ij,kj->ik", x.ref, x), () => [matrix()]],
    ["einsum with an ellipsis", (x: np.Array) => np.einsum("...ij->...ji", x), () => [matrix()]],
    ["matvec", (x: np.Array) => np.matvec(x.ref, x.slice(0)), () => [matrix()]],
    [
      "dotProductAttention",
      (x: np.Array) => nn.dotProductAttention(x.ref, x.ref, x),
      () => [values([2, 3, 2, 4])],
    ],
    [
      "multivariateNormal",
      (x: np.Array) => random.multivariateNormal(random.key(0), x, np.eye(2)),
      () => [row(0, 1)],
    ],
  ];
  for (const [name, fn, make] of newer) test(name, () => sameAsJax(fn, make()));
});

describe("float16 inside a function", () => {
  const half = (x: np.Array): np.Array => x.astype(np.float16);
  const examples: [name: string, fn: (x: np.Array) => np.Array][] = [
    ["numbers added and multiplied", (x) => x.add(1.5).mul(0.1)],
    ["clip", (x) => np.clip(x, -0.7, 1.7)],
    ["relu", (x) => nn.relu(x)],
    ["sigmoid", (x) => nn.sigmoid(x)],
    ["where", (x) => np.where(np.less(x.ref, 1), x, 0.1)],
    ["softmax", (x) => nn.softmax(x, 0)],
    ["power", (x) => np.power(x, 3)],
    ["gradient", grad((x: np.Array) => np.sum(np.square(nn.relu(x)).mul(0.3)))],
  ];
  for (const [name, fn] of examples)
    test(name, async () => {
      const compiled = compile((x: np.Array) => fn(half(x)).astype(np.float32));
      const [found, wanted] = [await compiled(row(1, -2.25, 0.5)), fn(row(1, -2.25, 0.5))];
      compiled.dispose();
      const [a, b] = [found.js(), wanted.js()] as number[][];
      for (const [i, value] of (b ?? []).entries())
        expect(Math.abs((a?.[i] ?? 9) - value)).toBeLessThan(0.004);
    });

  test("arrays of it are refused where the runtime has none", async () => {
    const real: unknown = Reflect.get(globalThis, "Float16Array");
    const stands = typeof real === "function" && real.prototype instanceof Uint16Array;
    if (!stands) {
      const out = await compile((x: np.Array) => x.add(0.5))(np.array([1, 2], { dtype: np.float16 }));
      expect(Array.from(out.dataSync())).toEqual([1.5, 2.5]);
      return;
    }
    await expect(compile((x: np.Array) => half(x))(row(1))).rejects.toThrow(/float16[\s\S]*Node 24/);
    await expect(compile((x: np.Array) => x)(np.ones([2], { dtype: np.float16 }))).rejects.toThrow(/Node 24/);
  });

  test("numbers become the nearest float16", () => {
    const known: [value: number, bits: number][] = [
      [0, 0x0000],
      [1, 0x3c00],
      [-2, 0xc000],
      [0.1, 0x2e66],
      [65504, 0x7bff],
      [65519.99, 0x7bff],
      [65520, 0x7c00],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [3 * 2 ** -25, 0x0002],
      [-1e-7, 0x8002],
      [Number.NEGATIVE_INFINITY, 0xfc00],
      [Number.NaN, 0x7e00],
      [2049, 0x6800],
      [2051, 0x6802],
    ];
    expect(known.map(([value]) => halfBits(value))).toEqual(known.map(([, bits]) => bits));
    expect(roundToHalf(0.1)).toBe(0.0999755859375);
  });
});
