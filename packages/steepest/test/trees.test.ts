import { numpy as np } from "@jax-js/jax";
import {
  applyUpdates,
  chain,
  createOptimizer,
  mapLeaves,
  namedLeaves,
  partition,
  refTree,
  type Transform,
  type Tree,
} from "steepest";
import { ema, scale, scaleByAdam } from "steepest/transforms";
import { expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { disposeTree } from "../src/core/tree.ts";
import { array, flatten, wave } from "./support/trees.ts";

const square = (seed: number): np.Array => array(wave(16, seed), [4, 4]);
/** Two matrices of one shape, so that a swap is no error of shapes. */
const ab = (seed: number) => ({ a: square(seed), b: square(seed + 1) });
const ba = (seed: number) => ({ b: square(seed + 1), a: square(seed) });

test("keys in another order: gradients, parameters and state meet by path", () => {
  for (const name of ["adamw", "muon", "soap", "mano", "dion", "sso"] as const) {
    const optimizer: Transform = createOptimizer(name, { roles: () => "hidden" });
    const after = (gradients: (seed: number) => Tree, turned: (tree: Tree) => Tree): number[] => {
      let params: Tree = ab(1);
      let state = optimizer.init(refTree(params));
      for (const step of [0, 1]) {
        const context = { phase: step % (optimizer.period ?? 1), first: step === 0 };
        const [updates, next] = optimizer.update(
          gradients(10 + step),
          turned(state),
          refTree(params),
          context,
        );
        state = next;
        params = applyUpdates(params, updates);
      }
      disposeTree(state);
      return flatten(params);
    };
    const turn = (node: Tree): Tree =>
      node instanceof np.Array || Array.isArray(node)
        ? Array.isArray(node)
          ? node.map(turn)
          : node
        : Object.fromEntries(
            Object.entries(node)
              .reverse()
              .map(([key, child]) => [key, turn(child)]),
          );
    expect(after(ba, turn), name).toEqual(after(ab, (state) => state));
  }
});

test("mapLeaves combines by path and names the first difference", () => {
  const sum = mapLeaves((x, y) => x.add(y.mul(2)), ab(1), ba(1));
  expect(flatten(sum)).toEqual(flatten(mapLeaves((x) => x.mul(3), ab(1))));
  const add = (other: Tree) => () => mapLeaves((x, y) => x.add(y), ab(1), other);
  expect(add({ a: square(1) })).toThrow(/"b" is in the first tree and not in tree 2 of 2/);
  expect(add({ ...ab(1), c: square(1) })).toThrow(/"c" is in tree 2 of 2 and not in the first tree/);
  expect(add({ a: square(1), bb: square(1) })).toThrow(/"b" .*did you mean "bb"/);
  expect(
    mapLeaves((x, y) => x.add(y), { m: [{ w: square(1) }] }, { "m.0.w": square(1) }).m[0]?.w.shape,
  ).toEqual([4, 4]);
});

test("a missing gradient, one too many and one of another shape are named", () => {
  const optimizers: Transform[] = [
    createOptimizer("adamw"),
    createOptimizer("muon", { clipGlobalNorm: 1, skipNonFinite: true, roles: () => "hidden" }),
    chain(ema(0.9), scale(-1)),
    partition(() => "all", { all: scaleByAdam() }),
  ];
  for (const optimizer of optimizers) {
    const step = (gradients: Tree) => () => optimizer.update(gradients, optimizer.init(ab(1)), ab(1));
    expect(step({ a: square(1) })).toThrow(/"b" is in the parameters and not in the gradients/);
    expect(step({ ...ab(1), c: square(3) })).toThrow(
      /"c" is in the gradients given to \w+ and not in the parameters/,
    );
    const row = { a: array(wave(4, 1), [1, 4]), b: square(2) };
    expect(step(row)).toThrow(/"a" is \[1,4\] in the gradients given to \w+ and \[4,4\] in the parameters/);
  }
  expect(() => applyUpdates(ab(1), { a: square(1), b: array(wave(4, 1), [4, 1]) })).toThrow(
    /"b" is \[4,1\] in the updates given to applyUpdates/,
  );
});

test("a state of other parameters is an error that names one", () => {
  for (const name of ["adamw", "muon", "dion", "soap"] as const) {
    const optimizer = createOptimizer(name, { roles: () => "hidden" });
    const state = optimizer.init({ v: square(1), b: square(2) });
    const step = () =>
      optimizer.update({ w: square(1), b: square(2) }, state, { w: square(1), b: square(2) });
    expect(step, name).toThrow(/"[wv]"/);
  }
});

test("a leaf that is no array is named, with what to do", () => {
  const optimizer = createOptimizer("adamw");
  const init = (params: unknown) => () => optimizer.init(params as Tree);
  expect(init({ w: new Float32Array(4) })).toThrow(
    /"w" is a Float32Array, where a jax-js array .* np\.array\(values\)/,
  );
  expect(init({ layer: { bias: 3 } })).toThrow(/"layer.bias" is a number/);
  expect(init({ w: null })).toThrow(/"w" is null/);
  expect(init({ w: undefined })).toThrow(/"w" is undefined/);
  expect(() => namedLeaves(new Float32Array(2) as unknown as Tree)).toThrow(/the tree is a Float32Array/);
});

test("leaks nothing", async () => {
  expect(await leakedBuffers(() => flatten(mapLeaves((x, y) => x.add(y), ab(1), ba(2))))).toBe(0);
});
