import { jit, numpy as np } from "@jax-js/jax";
import {
  applyUpdates,
  createOptimizer,
  describeOptimizer,
  disposeTree,
  mapLeaves,
  type Optimizer,
  optimizerNames,
  refTree,
  type StepContext,
  type Tree,
} from "steepest";
import { expect, test } from "vitest";
import { array, flatten, wave } from "./support/trees.ts";

// The rule for all methods (docs/decisions.md): finite gradients of any size leave finite weights and a finite state.

const roles = { w: "hidden", bias: "bias" } as const;
const tree = (seed: number) => ({ w: array(wave(12, seed), [3, 4]), bias: array(wave(3, seed + 2), [3]) });

/** From the subnormal numbers, which float32 has down to 1e-45, to the largest. */
const exponents = [
  -44, -42, -40, -39, -38, -37, -34, -30, -26, -22, -20, -18, -14, -10, -6, -3, 0, 3, 6, 10, 14, 16, 18, 19,
  20, 23, 27, 31, 35, 38,
];
const scaledBy = (factor: number) => (seed: number) => mapLeaves((g) => g.mul(factor), tree(seed));
/** Neighbours of 1e20 and 1e-20. */
const mixed = (seed: number) =>
  mapLeaves((g) => {
    const [size] = [g.size];
    const factors = Float32Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1e20 : 1e-20));
    return g.mul(array(factors, g.shape));
  }, tree(seed));
/** Rows, the first of them huge and the others nothing. */
const oneRow = (seed: number) =>
  mapLeaves((g) => {
    const factors = Float32Array.from({ length: g.size }, (_, i) => (i < 2 ? 3e38 : 0));
    return g.mul(array(factors, g.shape));
  }, tree(seed));
/** One column times one row, and nothing for the bias. */
const rankOne = (seed: number) => {
  const outer = array(wave(3, seed), [3, 1]).mul(array(wave(4, seed + 1), [1, 4]));
  return { w: outer, bias: array(new Float32Array(3), [3]) };
};
const cases: readonly (readonly [string, (seed: number) => Tree])[] = [
  ...exponents.map((k) => [`1e${k}`, scaledBy(k === 38 ? 3.3e38 : 10 ** k)] as const),
  ["mixed", mixed],
  ["one row", oneRow],
  ["rank one", rankOne],
  ["zero", scaledBy(0)],
];

/** Fewer inner iterations: the same operations, a smaller graph. */
function small(name: string): Optimizer {
  const { options } = describeOptimizer(name);
  const few = ["iterations", "solverSteps"].filter((option) => option in options);
  return createOptimizer(name, { roles, ...Object.fromEntries(few.map((option) => [option, 1])) });
}

type Step = (gradient: Tree, state: Tree, params: Tree) => [params: Tree, state: Tree];

/** One compiled step; what a method needs besides gradients is made of the gradient itself. */
function compiled(optimizer: Optimizer, context: StepContext): Step & { dispose(): void } {
  return jit((gradient: Tree, state: Tree, params: Tree): [Tree, Tree] => {
    const known = {
      ...context,
      sampledGradients: gradient,
      exampleGradients: mapLeaves((g) => np.expandDims(g, 0), refTree(gradient)),
      layers: { w: { inputs: array(wave(8, 5), [2, 4]), outputGradients: array(wave(6, 6), [2, 3]) } },
    };
    const transform: { update: (typeof optimizer)["update"] } = optimizer;
    const [updates, next] = transform.update(refTree(gradient), state as never, refTree(params), known);
    disposeTree([gradient, known.exampleGradients, { ...known.layers.w }]);
    return [applyUpdates(params, updates), next];
  });
}

const isFinite = (numbers: readonly number[]): boolean => numbers.every((x) => Number.isFinite(x));

test.each(optimizerNames())("%s: weights and state stay finite for gradients of every size", (name) => {
  const optimizer = small(name);
  const first = compiled(optimizer, { phase: 0, first: true });
  const second = compiled(optimizer, { phase: 1 % optimizer.period, first: false });
  const failed = cases.flatMap(([label, gradient]) => {
    const start = tree(1);
    const [one, state] = first(gradient(10), optimizer.init(refTree(start)), start);
    const afterOne = isFinite(flatten(refTree(one)));
    const [two, kept] = second(tree(13), state, one);
    const [afterTwo, keptTwo] = [isFinite(flatten(refTree(two))), isFinite(flatten(refTree(kept)))];
    const [three, last] = second(gradient(16), kept, two);
    const ok = [afterOne, afterTwo, keptTwo, isFinite(flatten(three)), isFinite(flatten(last))];
    return ok.every(Boolean) ? [] : [`${label}${ok.map((x) => (x ? "." : "x")).join("")}`];
  });
  first.dispose();
  second.dispose();
  expect(failed).toEqual([]);
});
