import { lax, numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { test } from "vitest";
import { type Fn, sameAsJax, values } from "./support/sameAsJax.ts";

/** One step of a random program: takes the values so far and a number to decide by, gives another. */
type Step = (stack: readonly np.Array[], pick: number) => np.Array;

const last = (stack: readonly np.Array[]): np.Array => (stack.at(-1) as np.Array).ref;
const rotate = (n: number, by: number): number[] => Array.from({ length: n }, (_, i) => (i + by) % n);

const steps: readonly Step[] = [
  (stack) => np.sin(np.clip(last(stack), -2, 2)), // of large numbers, sin would magnify rounding
  (stack, pick) => {
    const x = last(stack);
    return x.transpose(rotate(x.ndim, pick));
  },
  (stack, pick) => {
    const x = last(stack);
    return x.ndim === 0 ? x : np.sum(x, pick % x.ndim, { keepdims: true });
  },
  (stack, pick) => {
    const x = last(stack);
    return x.ndim === 0 ? x : np.max(x, pick % x.ndim);
  },
  (stack, pick) => {
    const x = last(stack);
    return np.broadcastTo(x, [2 + (pick % 2), ...x.shape]).transpose(rotate(x.ndim + 1, pick));
  },
  (stack, pick) => {
    const x = last(stack);
    const cut = pick % (x.ndim + 1);
    return x.reshape([x.shape.slice(0, cut).reduce((a, b) => a * b, 1), ...x.shape.slice(cut)]);
  },
  (stack, pick) => {
    const x = last(stack);
    const even = x.shape.flatMap((n) => (n % 2 === 0 && pick % 2 === 0 ? [2, n / 2] : [n]));
    return x.reshape(even);
  },
  (stack, pick) => {
    const x = last(stack);
    return x.ndim === 0 ? x : np.flip(x, [pick % x.ndim]);
  },
  (stack, pick) => {
    const x = last(stack);
    return x.ndim === 0
      ? x
      : np.pad(
          x,
          x.shape.map((_, d): [number, number] => (d === pick % x.ndim ? [1, 0] : [0, 0])),
        );
  },
  (stack, pick) => {
    const x = last(stack);
    if (x.ndim === 0) return x;
    const d = pick % x.ndim;
    return x.slice(...x.shape.map((n, i): [number, number] => (i === d && n > 1 ? [1, n] : [0, n])));
  },
  (stack, pick) => {
    const x = last(stack);
    const before = stack.findLast((y, i) => i < stack.length - 1 && canBroadcast(x.shape, y.shape));
    return before === undefined
      ? x
      : pick % 2
        ? x.mul(before.ref)
        : np.where(np.less(x.ref, before.ref), x, before.ref);
  },
  (stack) => {
    const x = last(stack);
    const n = x.shape.at(-1);
    if (n === undefined || x.size > 200) return x;
    // every row with every row: batch, rows, columns and repeats in one contraction
    const batch = Array.from({ length: Math.max(0, x.ndim - 2) }, (_, i) => i);
    const dims = {
      lhsBatchDims: batch,
      rhsBatchDims: batch,
      lhsContractingDims: [-1],
      rhsContractingDims: [-1],
    };
    return lax.dot(x.ref, x, dims).div(4 * n);
  },
  (stack, pick) => {
    const x = last(stack);
    return x.ndim === 0 || x.size > 300 ? x : np.concatenate([x.ref, np.cos(x)], pick % x.ndim);
  },
];

function canBroadcast(a: readonly number[], b: readonly number[]): boolean {
  const rank = Math.min(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => [a.at(-1 - i), b.at(-1 - i)]).every(
    ([m, n]) => m === n || m === 1 || n === 1,
  );
}

const program = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(100)), { minLength: 3, maxLength: 12 });

test("random programs of layout changes, reductions and products", () =>
  fc.assert(
    fc.asyncProperty(program, fc.constantFrom([2, 3, 4], [4, 1, 2, 3], [6], [2, 2]), async (picks, shape) => {
      const fn: Fn = (x: np.Array) => {
        const stack = [x];
        for (const [which, pick] of picks) {
          const next = steps[which]?.(stack, pick);
          if (next !== undefined && next.ndim < 6 && next.size < 3000) stack.push(next);
          else next?.dispose();
        }
        const result = last(stack);
        for (const y of stack) y.dispose();
        return result;
      };
      // products of products grow, and so do their rounding errors: up to 12 steps of some 1e-6
      await sameAsJax(fn, [values(shape)], { tolerance: 2e-5, floor: 1 });
    }),
    { numRuns: 60, seed: 20261123 },
  ));
