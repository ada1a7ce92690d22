import { grad, jit, lax, nn, numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { type Fn, sameAsJax, values } from "./support/sameAsJax.ts";

const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
const row = (...numbers: number[]) => np.array(new Float32Array(numbers));

type Case = [name: string, fn: Fn, make: () => unknown[]];

const sumOf =
  (f: (x: np.Array) => np.Array): Fn =>
  (x: np.Array) =>
    grad((y: np.Array) => np.sum(f(y)))(x);

const mixed = () => [row(-2, -0.5, 0, 0.5, 2, 5)];
/** Large enough that what only pays for large arrays is done. */
const large = () => [np.arange(4096).astype(np.float32).sub(2048).div(16).reshape([4, 4, 16, 16])];
const withInfinity = (x: np.Array): np.Array =>
  np.where(np.equal(np.arange(x.size), 37).reshape(x.shape), inf, x);
const windows =
  (reduce: (w: np.Array) => np.Array, sides: [number, number] = [2, 2]) =>
  (x: np.Array): np.Array =>
    lax.reduceWindow(x, reduce, sides, sides);

/** Two masks of one array, the second after a reshape, as pooling leaves it. */
const twice =
  (f: (x: np.Array, c: np.Array, d: np.Array) => np.Array): Fn =>
  (x: np.Array) => {
    const [c, d] = [np.isnan(x.ref), np.greater(x.ref, 0)];
    return f(x, c, d);
  };
const masks = () => [row(nan, inf, -inf, 0, 1, -1, 3, nan).reshape([2, 4])];

/** Where the gradient that comes in is infinite or NaN, and the mask hides it. */
const masked: Case[] = [
  ["sqrt of max(x, 0)", sumOf((x) => np.sqrt(np.maximum(x, 0))), mixed],
  ["log of clip(x, 0, 3)", sumOf((x) => np.log(np.clip(x, 0, 3))), mixed],
  ["1 / relu(x)", sumOf((x) => np.reciprocal(nn.relu(x))), mixed],
  ["log of relu(x)²", sumOf((x) => np.log(np.square(nn.relu(x)))), mixed],
  [
    "norm of a dead row",
    sumOf((x) => np.sqrt(np.sum(np.square(nn.relu(x)), 1))),
    () => [row(-1, -2, -3, 4, 5, -6).reshape([2, 3])],
  ],
  [
    "dead row through a product and a logarithm",
    (x: np.Array, w: np.Array) => grad((y: np.Array) => np.sum(np.log(np.matmul(nn.relu(y), w))))(x),
    () => [row(-1, -2, -3, 4, 5, 6).reshape([2, 3]), np.abs(values([3, 2]))],
  ],
  [
    "logarithm where it is defined",
    (x: np.Array) => np.where(np.greater(x.ref, 0), np.log(x), 0),
    () => [row(-2, 0, 3)],
  ],
  ["its gradient", sumOf((x) => np.where(np.greater(x.ref, 0), np.log(x), 0)), () => [row(-2, 0, 3)]],
  [
    "a small mask over infinite scores",
    (x: np.Array) => np.where(np.array([true, false, false]), x, -1e30),
    () => [row(1, inf, 3, 4, nan, 6).reshape([2, 3])],
  ],
  [
    "a mask over a product that is NaN",
    (x: np.Array) => np.where(np.tri(3).equal(1), np.matmul(x.ref, x.transpose()), -1e30),
    () => [row(1, 2, 3, 4, nan, inf).reshape([3, 2])],
  ],
  ["diagonal matrix", (x: np.Array) => np.diag(x), () => [row(1, inf, nan, -inf)]],
  ["gradient of a window's maximum", sumOf((x) => np.log(windows(np.max)(nn.relu(x)))), large],
  ["a mask of a mask", twice((x, c, d) => np.where(c, np.where(d, x, 0), 0)), masks],
  ["an opposite mask of a mask", twice((x, c, d) => np.where(c, 0, np.where(d, x, 0))), masks],
  ["a mask of an opposite mask", twice((x, c, d) => np.where(c, np.where(d, 0, x), 0)), masks],
  ["an opposite mask of an opposite mask", twice((x, c, d) => np.where(c, 0, np.where(d, 0, x))), masks],
];

/** What is next to an infinity stays as it is. */
const neighbours: Case[] = [
  ["sums over windows", (x: np.Array) => windows(np.sum)(withInfinity(x)), large],
  ["sums over windows of 3", (x: np.Array) => windows(np.sum, [3, 3])(withInfinity(x)), large],
  ["means over windows", (x: np.Array) => windows(np.mean)(withInfinity(x)), large],
  [
    "sum over the axes of windows",
    (x: np.Array) => np.sum(withInfinity(x).reshape([4, 4, 8, 2, 8, 2]), [3, 5]),
    large,
  ],
  [
    "repeated over a short axis",
    (x: np.Array) =>
      withInfinity(x)
        .reshape([64, 64, 1])
        .mul(np.ones([64, 64, 2]).mul(row(1, 2))),
    large,
  ],
  ["gradient of a mean over windows", sumOf((x) => np.sqrt(windows(np.mean)(nn.relu(x)))), large],
];

/** Numbers too far apart to be multiplied first. */
const scales: Case[] = [
  ["x 1e-30 1e-30", (x: np.Array) => x.mul(1e-30).mul(1e-30), () => [row(1e35, 0, inf)]],
  ["x 1e30 1e30", (x: np.Array) => x.mul(1e30).mul(1e30), () => [row(1e-35, 0, 1)]],
  ["x 1e30 1e-30", (x: np.Array) => x.mul(1e30).mul(1e-30), () => [row(1e20, 0, 1)]],
  ["x 1e-30 1e30", (x: np.Array) => x.mul(1e-30).mul(1e30), () => [row(1e-20, 0, 1)]],
  ["gradient of a squared sum", sumOf((x) => np.square(np.sum(x.mul(2e38)))), () => [row(0, 0, 0)]],
  ["logarithm of a sigmoid", (x: np.Array) => np.log(nn.sigmoid(x)), () => [row(-40, -20, 0, 20, 60)]],
  ["its gradient", sumOf((x) => np.log(nn.sigmoid(x))), () => [row(-40, -20, 0, 20, 60)]],
];

const special = () => [row(nan, inf, -inf, 0, 1.5, -2)];
const square = () => [row(nan, inf, -1, 2).reshape([2, 2])];
const typed =
  (dtype: np.Array["dtype"], f: (x: np.Array) => np.Array): Fn =>
  (x: np.Array) =>
    f(x.astype(dtype));

/** A known 0 is not multiplied; what else is known stays out of no product. */
const zeros: Case[] = [
  ["x 0", (x: np.Array) => [x.ref.mul(0), np.multiply(0, x.ref), x.mul(-0)], special],
  ["1 / (x 0) has the sign of 0", (x: np.Array) => np.reciprocal(x.mul(0)), special],
  ["1 / −(x 0) too", (x: np.Array) => np.reciprocal(x.mul(0).neg()), special],
  ["0 / x", (x: np.Array) => [np.divide(0, x.ref), np.floorDivide(np.array(0), x)], special],
  ["x⁰, which jax-js knows in its jit only", jit((x: np.Array) => np.power(x, 0)), special],
  ["x 0 in float64", typed(np.float64, (x) => x.mul(0)), special],
  ["x 0 in int32", typed(np.int32, (x) => x.mul(0)), special],
  ["x 0 in uint32", typed(np.uint32, (x) => x.mul(0)), special],
  ["x and false", typed(np.bool, (x) => x.mul(false)), special],
  ["x false", (x: np.Array) => x.mul(np.array(false)), special],
  ["x of zeros", (x: np.Array) => [x.ref.mul(np.zerosLike(x.ref)), x.mul(np.zeros([2, 1]))], special],
  ["sums and products of x 0", (x: np.Array) => [np.sum(x.ref.mul(0)), np.prod(x.mul(0))], special],
  ["0 times a mean", (x: np.Array) => np.mean(x).mul(0), special],
  ["x (0 x + 1)", (x: np.Array) => x.ref.mul(0).add(1).mul(x), special],
  ["x 1, x / 1 and x + 0", (x: np.Array) => [x.ref.mul(1), x.ref.div(1), x.add(0)], special],
  ["x / 0, x / ∞ and x ∞", (x: np.Array) => [x.ref.div(0), x.ref.div(inf), x.mul(inf)], special],
  ["∞ 0", (x: np.Array) => x.add(np.array(inf).mul(0)), special],
  ["a choice of 0 x", (x: np.Array) => np.where(np.less(x.ref, 0), x.mul(0), 1), special],
  ["leaky ReLU of slope 0", (x: np.Array) => nn.leakyRelu(x, 0), special],
  ["gradient of its root", sumOf((x) => np.sqrt(nn.leakyRelu(x, 0))), special],
  ["gradient of the root of a variance of zeros", sumOf((x) => np.sqrt(np.var_(x.mul(0)))), special],
  ["products with a matrix of zeros", (x: np.Array) => np.matmul(x, np.zeros([2, 3])), square],
  [
    "a convolution with zeros",
    (x: np.Array) => lax.conv(x.reshape([1, 1, 4]), np.zeros([1, 1, 3]), [1], "SAME"),
    square,
  ],
];

/** NaN anywhere among the elements, short and long. */
const places = [0, 1, 5, 30, 62, 63];
const extremes: Case[] = places.flatMap((place) => {
  const make = (): unknown[] => [
    np.array(
      Float32Array.from({ length: 64 }, (_, i) => (i === place ? nan : i % 11)),
      { shape: [8, 8] },
    ),
  ];
  const named = (name: string, fn: Fn): Case => [`${name}, NaN at ${place}`, fn, make];
  return [
    named("max", (x: np.Array) => [np.max(x.ref), np.max(x.ref, 0), np.max(x, 1)]),
    named("min", (x: np.Array) => [np.min(x.ref), np.min(x.ref, 0), np.min(x, 1)]),
    named("argmax and argmin", (x: np.Array) => [np.argmax(x.ref), np.argmax(x.ref, 0), np.argmin(x, 1)]),
    named("max over windows", windows(np.max)),
    named("min over windows", windows(np.min)),
    named(
      "gradient of max",
      sumOf((x) => np.max(x, 1)),
    ),
    named("softmax", (x: np.Array) => [nn.softmax(x.ref, 1), nn.logsumexp(x, 1)]),
    named("max of float64", (x: np.Array) => np.max(x.astype(np.float64), 1)),
  ];
});
const infinities: Case[] = [
  ["max of infinities", (x: np.Array) => [np.max(x.ref), np.min(x)], () => [row(inf, 1, -inf)]],
  [
    "max over windows of both infinities",
    (x: np.Array) => [windows(np.max)(x.ref), windows(np.max)(nn.relu(x))],
    () => [row(inf, -inf, 1, 2, -inf, 3, -inf, nan).reshape([1, 1, 2, 4])],
  ],
  [
    "sort",
    (x: np.Array) => [np.sort(x.ref), np.argsort(x)],
    () => [row(1, nan, inf, nan, -1, inf, -inf, 3e38)],
  ],
  [
    "sort of float64",
    typed(np.float64, (x) => np.sort(x)),
    () => [row(1, nan, inf, nan, -1, inf, -inf, 3e38)],
  ],
  [
    "a sum of nothing is no known 0",
    (x: np.Array, none: np.Array) => [np.sum(none.ref).mul(x.ref), np.trace(none).div(x)],
    () => [row(0, inf, nan, 1), np.zeros([0, 1])],
  ],
  ["1 / −x has no −0", (x: np.Array) => np.reciprocal(x.neg()), () => [row(0, -0, 1, nan)]],
  ["1 / −x in float64", typed(np.float64, (x) => np.reciprocal(x.neg())), () => [row(0, -0, 1, nan)]],
  [
    "|1 / −x| + 1 / −x",
    (x: np.Array) => np.abs(np.reciprocal(x.ref.neg())).add(np.reciprocal(x.neg())),
    () => [row(0, 0)],
  ],
  ["largest", (x: np.Array) => lax.topK(x, 3), () => [row(1, nan, inf, 2)]],
];

for (const [title, cases] of Object.entries({ masked, neighbours, scales, zeros, extremes, infinities }))
  describe(`${title}: as finite as in jax-js`, () => {
    for (const [name, fn, make] of cases) test(name, () => sameAsJax(fn, make()));
  });

test("an exported graph keeps NaN too, in operators that any runtime has", () => {
  const text = compile((x: np.Array) => np.max(x, 1)).explain(np.zeros([2, 3]));
  expect(text).toContain("ReduceMax");
  expect(text).toContain("1 ReduceSum");
});

test("the masks of ReLU and of a window's maximum become one", () => {
  const gradient = grad((x: np.Array) => np.sum(np.square(windows(np.max)(nn.relu(x)))));
  const text = compile(gradient as (x: np.Array) => np.Array).explain(np.zeros([2, 3, 8, 8]));
  expect(text).toContain("1 Where");
});
