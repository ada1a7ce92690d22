import { grad, jit, lax, nn, numpy as np, random } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { lowerings } from "../src/lower/table.ts";
import type { Primitive } from "../src/trace/jaxpr.ts";
import {
  bools,
  type Fn,
  integers,
  sameAsJax,
  seenPrimitives,
  unsigned,
  values,
} from "./support/sameAsJax.ts";

type Example = [fn: Fn, make: () => unknown[]];

const one: () => unknown[] = () => [values([3, 4])];
const two: () => unknown[] = () => [values([3, 4]), values([4], 1)];
const positive = (): np.Array => np.square(values([3, 4])).add(0.5);
const spd = (): np.Array => {
  const a = values([4, 4]);
  return np.matmul(a.ref, a.transpose()).add(np.eye(4));
};
const windowMax = (x: np.Array): np.Array => lax.reduceWindow(x, (w) => np.max(w), [2], [2]);

/** One function for every primitive of jax-js; a new primitive without one does not compile. */
const examples = {
  add: [np.add, two],
  mul: [np.multiply, two],
  idiv: [(x: np.Array) => np.trunc(x), one],
  mod: [np.remainder, two],
  min: [np.minimum, two],
  max: [np.maximum, two],
  bit_combine: [np.bitwiseXor, () => [unsigned([5]), unsigned([5], 1)]],
  bit_shift: [np.leftShift, () => [unsigned([5]), integers([5], 0, 9).astype(np.uint32)]],
  bit_count: [np.bitwiseCount, () => [unsigned([5])]],
  neg: [np.negative, one],
  reciprocal: [np.reciprocal, () => [positive()]],
  floor: [np.floor, one],
  ceil: [np.ceil, one],
  stop_gradient: [lax.stopGradient, one],
  cast: [(x: np.Array) => x.astype(np.int32), one],
  bitcast: [(x: np.Array) => lax.bitcastConvertType(x, np.int32), one],
  sin: [np.sin, one],
  cos: [np.cos, one],
  asin: [(x: np.Array) => np.arcsin(x.div(2.5)), one],
  atan: [np.arctan, one],
  exp: [np.exp, one],
  log: [np.log, () => [positive()]],
  erf: [lax.erf, one],
  erfc: [lax.erfc, one],
  sqrt: [np.sqrt, () => [positive()]],
  reduce: [(x: np.Array) => np.sum(x, 0), one],
  dot: [np.matmul, two],
  conv: [
    (x: np.Array, w: np.Array) => lax.conv(x, w, [1], "SAME"),
    () => [values([2, 3, 6]), values([4, 3, 3], 1)],
  ],
  pool: [windowMax, () => [values([2, 6])]],
  pool_transpose: [grad((x: np.Array) => np.sum(windowMax(x))) as Fn, () => [values([2, 6])]],
  compare: [np.lessEqual, two],
  where: [np.where, () => [bools([3, 4]), values([4]), values([3, 1], 1)]],
  concatenate: [(x: np.Array, y: np.Array) => np.concatenate([x, y]), () => [values([3]), values([2], 1)]],
  split: [(x: np.Array) => np.split(x, 2, 1), one],
  random_bits: [(k: np.Array) => random.bits(k, [7]), () => [random.key(5)]],
  gather: [(i: np.Array) => nn.oneHot(i, 4), () => [integers([3], 0, 4)]],
  transpose: [np.transpose, one],
  broadcast: [(x: np.Array) => np.broadcastTo(x, [2, 3, 4]), one],
  reshape: [(x: np.Array) => x.reshape([2, 6]), one],
  flip: [np.flip, one],
  shrink: [(x: np.Array) => x.slice([1, 3]), one],
  pad: [(x: np.Array) => np.pad(x, 1), one],
  sort: [np.sort, one],
  argsort: [np.argsort, one],
  scatter: [
    grad((x: np.Array, i: np.Array) => np.sum(np.sin(x.slice(i)))) as Fn,
    () => [values([4, 2]), integers([6], 0, 4)],
  ],
  triangular_solve: [
    (a: np.Array, b: np.Array) => lax.linalg.triangularSolve(np.triu(a), b, { leftSide: true }),
    () => [spd(), values([4, 2])],
  ],
  cholesky: [lax.linalg.cholesky, () => [spd()]],
  lu: [lax.linalg.lu, () => [values([3, 3])]],
  jacobi_eigh: [(a: np.Array) => lax.linalg.eigh(a)[1], () => [spd()]],
  fft: [
    (x: np.Array, y: np.Array) => Object.values(np.fft.fft({ real: x, imag: y })),
    () => [values([8]), values([8], 1)],
  ],
  jit: [jit((x: np.Array) => np.sin(x).add(1)) as Fn, one],
} satisfies Record<Primitive, Example>;

describe("every primitive, against jax-js", () => {
  for (const [primitive, [fn, make]] of Object.entries(examples) as [Primitive, Example][])
    test(primitive, async () => {
      seenPrimitives.clear();
      await sameAsJax(fn, make());
      if (primitive !== "jit") expect(seenPrimitives).toContain(primitive);
    });

  test("the table of lowerings has no more and no less", () => {
    expect(Object.keys(lowerings).toSorted()).toEqual(Object.keys(examples).toSorted());
  });
});
