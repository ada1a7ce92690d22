import { grad, lax, numpy as np, vmap } from "@jax-js/jax";
import { describe, test } from "vitest";
import { type Fn, integers, sameAsJax, values } from "./support/sameAsJax.ts";

type Case = [name: string, fn: Fn, make: () => unknown[]];
type Pairs = [number, number][];

const general =
  (
    strides: number[],
    padding: Pairs | "SAME" | "VALID",
    lhsDilation?: number[],
    rhsDilation?: number[],
    groups = 1,
  ) =>
  (x: np.Array, w: np.Array): np.Array =>
    lax.convGeneralDilated(x, w, strides, padding, {
      ...(lhsDilation && { lhsDilation }),
      ...(rhsDilation && { rhsDilation }),
      featureGroupCount: groups,
    });

const image = (): np.Array[] => [values([2, 3, 7, 6]), values([4, 3, 3, 2], 1)];
const gradients = (fn: Fn): Fn =>
  ((x: np.Array, w: np.Array) =>
    [0, 1].map((argnums) =>
      grad((a: np.Array, b: np.Array) => np.sum(np.sin(fn(a, b) as np.Array)), { argnums })(x.ref, w.ref),
    )) as Fn;

const plain: [string, Fn, () => np.Array[]][] = [
  ["valid", general([1, 1], "VALID"), image],
  ["same", general([1, 1], "SAME"), image],
  [
    "strides",
    general(
      [2, 3],
      [
        [1, 0],
        [0, 2],
      ],
    ),
    image,
  ],
  [
    "kernel dilation",
    general(
      [1, 1],
      [
        [2, 2],
        [1, 1],
      ],
      undefined,
      [2, 2],
    ),
    image,
  ],
  [
    "input dilation",
    general(
      [1, 1],
      [
        [1, 2],
        [0, 1],
      ],
      [2, 3],
    ),
    image,
  ],
  [
    "everything",
    general(
      [2, 1],
      [
        [2, 1],
        [1, 2],
      ],
      [2, 1],
      [1, 2],
    ),
    image,
  ],
  [
    "groups",
    general([1, 1], "SAME", undefined, undefined, 2),
    () => [values([2, 4, 5, 5]), values([6, 2, 3, 3], 1)],
  ],
  [
    "depthwise, strided",
    general([2, 2], "SAME", undefined, undefined, 4),
    () => [values([2, 4, 6, 6]), values([4, 1, 3, 3], 1)],
  ],
  ["one dimension", general([2], [[1, 1]]), () => [values([2, 3, 9]), values([4, 3, 3], 1)]],
  [
    "a small kernel on a large image",
    general([1, 1], "SAME"),
    () => [values([3, 2, 12, 11]), values([4, 2, 3, 3], 1)],
  ],
  [
    "the same, strided and dilated",
    general(
      [2, 1],
      [
        [2, 1],
        [0, 2],
      ],
      undefined,
      [1, 2],
    ),
    () => [values([3, 2, 14, 13]), values([4, 2, 3, 2], 1)],
  ],
  [
    "three dimensions",
    general([1, 1, 1], "VALID"),
    () => [values([1, 2, 4, 4, 4]), values([2, 2, 2, 2, 2], 1)],
  ],
];

const other: Case[] = [
  [
    "negative padding",
    general(
      [1, 1],
      [
        [-1, 0],
        [0, -2],
      ],
    ),
    image,
  ],
  ["int32", general([1, 1], "VALID"), () => [integers([1, 2, 5, 5], -4, 4), integers([3, 2, 2, 2], -4, 4)]],
  [
    "float64, dilated and strided",
    general(
      [2, 1],
      [
        [1, 1],
        [1, 1],
      ],
      undefined,
      [2, 1],
    ),
    () => image().map((x) => x.astype(np.float64)),
  ],
  [
    "vmapped kernels",
    vmap(general([1, 1], "VALID") as (x: np.Array, w: np.Array) => np.Array, [null, 0]) as Fn,
    () => [values([2, 3, 5, 5]), values([3, 4, 3, 2, 2], 1)],
  ],
  [
    "vmapped images",
    vmap(general([1, 1], "VALID") as (x: np.Array, w: np.Array) => np.Array, [0, null]) as Fn,
    () => [values([3, 2, 3, 5, 5]), values([4, 3, 2, 2], 1)],
  ],
];

const pool =
  (op: "max" | "sum", window: number[], strides: number[]) =>
  (x: np.Array): np.Array =>
    lax.reduceWindow(
      x,
      op === "max" ? (y: np.Array) => np.max(y) : (y: np.Array) => np.sum(y),
      window,
      strides,
    );
const poolGradient = (fn: Fn): Fn => grad((x: np.Array) => np.sum(np.sin(fn(x) as np.Array))) as Fn;

const pools: [string, Fn, () => np.Array[]][] = [
  ["max 2x2", pool("max", [2, 2], [2, 2]), () => [values([2, 3, 6, 8])]],
  ["max 2x2 with a rest", pool("max", [2, 2], [2, 2]), () => [values([2, 3, 7, 5])]],
  ["max 3x3 overlapping", pool("max", [3, 3], [2, 2]), () => [values([2, 3, 7, 8])]],
  ["sum 2x3, gaps between windows", pool("sum", [2, 3], [3, 4]), () => [values([2, 9, 9])]],
  ["sum overlapping in one dimension", pool("sum", [4], [1]), () => [values([3, 9])]],
];

describe("convolution, against jax-js", () => {
  for (const [name, fn, make] of [...plain, ...other]) test(name, () => sameAsJax(fn, make()));
  for (const [name, fn, make] of plain) test(`gradients: ${name}`, () => sameAsJax(gradients(fn), make()));
});

describe("pooling, against jax-js", () => {
  for (const [name, fn, make] of pools) {
    test(name, () => sameAsJax(fn, make()));
    test(`gradient: ${name}`, () => sameAsJax(poolGradient(fn), make()));
  }
});
