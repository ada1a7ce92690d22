import { lax, numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { bools, type Fn, integers, sameAsJax, unsigned, values } from "./support/sameAsJax.ts";

const shapes = { a: [3, 1, 4], b: [2, 4] };
const floats = (): np.Array[] => [values(shapes.a), values(shapes.b, 1)];
const ints = (): np.Array[] => [integers(shapes.a, -9, 9), integers(shapes.b, 1, 7, 1)];
const uints = (): np.Array[] => [unsigned(shapes.a), unsigned(shapes.b, 1)];
const logic = (): np.Array[] => [bools(shapes.a), bools(shapes.b, 1)];
const float64 = (shape: number[], seed = 0): np.Array => values(shape, seed).astype(np.float64);
const positive = (shape: number[], seed = 0): np.Array => np.square(values(shape, seed)).add(0.1);

type Case = [name: string, fn: Fn, make: () => unknown[], tolerance?: number];

const binary: Case[] = [
  ["add", np.add, floats],
  ["add int32", np.add, ints],
  ["add uint32 wraps", np.add, uints],
  ["add bool", np.add, logic],
  ["add float64", np.add, () => [float64([3]), float64([2, 3], 1)]],
  ["add float and int", np.add, () => [values([4]), integers([3, 1], 0, 5)]],
  ["subtract", np.subtract, floats],
  ["multiply", np.multiply, floats],
  ["multiply uint32 wraps", np.multiply, uints],
  ["multiply bool", np.multiply, logic],
  ["divide", np.divide, floats],
  ["floorDivide int32", np.floorDivide, ints],
  ["integer division", (x: np.Array, y: np.Array) => x.div(y), ints],
  ["integer division uint32", (x: np.Array, y: np.Array) => x.div(y), uints],
  ["fmod float", np.fmod, floats],
  ["fmod int32", np.fmod, ints],
  ["remainder uint32", np.remainder, uints],
  ["remainder", np.remainder, floats],
  ["remainder int32", np.remainder, ints],
  ["minimum", np.minimum, floats],
  ["minimum uint32", np.minimum, uints],
  ["minimum bool", np.minimum, logic],
  ["maximum", np.maximum, floats],
  ["maximum int32", np.maximum, ints],
  ["maximum bool", np.maximum, logic],
  ["bitwiseAnd", np.bitwiseAnd, ints],
  ["bitwiseOr uint32", np.bitwiseOr, uints],
  ["bitwiseXor bool", np.bitwiseXor, logic],
  ["leftShift", np.leftShift, ints],
  [
    "rightShift uint32",
    (x: np.Array) => np.rightShift(x, np.array(3, { dtype: np.uint32 })),
    () => [unsigned([5])],
  ],
  ["less", np.less, floats],
  ["less uint32", np.less, uints],
  ["less mixed", np.less, () => [values([4]), integers([3, 1], -2, 2)]],
  ["lessEqual int32", np.lessEqual, ints],
  ["equal", np.equal, ints],
  ["equal bool", np.equal, logic],
  ["notEqual uint32", np.notEqual, uints],
  ["greater", np.greater, floats],
  ["where", np.where, () => [bools([3, 1, 4]), ...floats()]],
  ["where bool", np.where, () => [bools([3, 1, 4], 5), ...logic()]],
  ["where uint32", np.where, () => [bools([3, 1, 4], 5), ...uints()]],
  [
    "where with numbers",
    (c: np.Array, x: np.Array) => np.where(c, x, -1),
    () => [bools([4]), values([3, 4])],
  ],
  ["power", np.power, () => [positive([4]), values([3, 1])]],
];

const unary: Case[] = [
  ["negative", np.negative, () => [values([5])]],
  ["negative uint32", np.negative, () => [unsigned([5])]],
  ["reciprocal", np.reciprocal, () => [positive([5])]],
  ["floor", np.floor, () => [values([7])]],
  ["ceil", np.ceil, () => [values([7])]],
  // jax-js's own sin, cos, exp, log are polynomials with errors of a few 1e-7
  ["sin", np.sin, () => [values([7])]],
  ["cos", np.cos, () => [values([7])]],
  ["arcsin", np.arcsin, () => [values([7]).div(2.1)]],
  ["arctan", np.arctan, () => [values([7])]],
  ["exp", np.exp, () => [values([2, 7])]],
  ["log", np.log, () => [positive([7])]],
  ["sqrt", np.sqrt, () => [positive([7])]],
  ["erf", lax.erf, () => [values([7])]],
  ["erfc", lax.erfc, () => [values([7])]],
  ["tanh", np.tanh, () => [values([7])]],
  ["stopGradient", lax.stopGradient, () => [values([7])]],
  ["exp float64", np.exp, () => [float64([5])], 1e-6],
  ["erf float64, in float32 as jax-js", lax.erf, () => [float64([5])]],
  ["bitwiseCount", np.bitwiseCount, () => [unsigned([9])]],
  ["bitwiseCount int32", np.bitwiseCount, () => [integers([9], -5, 5)]],
  ["cast to int32", (x: np.Array) => x.astype(np.int32), () => [values([9])]],
  ["cast to uint32", (x: np.Array) => x.astype(np.uint32), () => [integers([9], -5, 5)]],
  ["cast to bool", (x: np.Array) => x.astype(np.bool), () => [integers([9], -1, 2)]],
  ["cast from bool", (x: np.Array) => x.astype(np.float32), () => [bools([9])]],
  ["cast to float64", (x: np.Array) => x.astype(np.float64), () => [values([9])]],
  ["bitcast", (x: np.Array) => lax.bitcastConvertType(x, np.uint32), () => [values([9])]],
  [
    "bitcast back",
    (x: np.Array) => lax.bitcastConvertType(x, np.float32),
    () => [integers([9], 1e9, 1.05e9)],
  ],
  ["float16 inside", (x: np.Array) => np.exp(x.astype(np.float16)).astype(np.float32), () => [values([9])]],
];

describe("elementwise, against jax-js", () => {
  for (const [name, fn, make, tolerance = 1e-5] of [...binary, ...unary].filter(
    ([n]) => n !== "float16 inside",
  ))
    test(name, () => sameAsJax(fn, make(), { tolerance }));
});

test("nothing here is compared with itself: a wrong function fails", async () => {
  let calls = 0;
  const wrong = (x: np.Array): np.Array => x.add(calls++);
  await expect(sameAsJax(wrong, [values([3])])).rejects.toThrow(/jax-js has/);
});
