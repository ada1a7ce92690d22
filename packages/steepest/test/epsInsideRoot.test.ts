import { createOptimizer } from "steepest";
import { expect, test } from "vitest";
import { distance, flatten, gradients, run, weights } from "./support/trees.ts";

// The divisors in float64, with an eps that its place makes a difference to.
const eps = 0.01;
const rate = 0.1;
const [start, g1, g2] = [flatten(weights()), flatten(gradients(0)), flatten(gradients(1))];

/** Weights after two steps of W ← W − η·step(g₁, g₂ or undefined). */
const after = (step: (first: number, second?: number) => number): number[] =>
  start.map((w, i) => w - rate * step(g1[i] ?? 0) - rate * step(g1[i] ?? 0, g2[i] ?? 0));

const adam = (first: number, second?: number): number => {
  const m = second === undefined ? first : (0.9 * 0.1 * first + 0.1 * second) / (1 - 0.9 ** 2);
  const v =
    second === undefined ? first ** 2 : (0.999 * 0.001 * first ** 2 + 0.001 * second ** 2) / (1 - 0.999 ** 2);
  return m / Math.sqrt(v + eps);
};
const adagrad = (first: number, second?: number): number =>
  (second ?? first) / Math.sqrt(first ** 2 + (second ?? 0) ** 2 + eps);
const rmsprop = (first: number, second?: number): number => {
  const v = second === undefined ? 0.01 * first ** 2 : 0.99 * 0.01 * first ** 2 + 0.01 * second ** 2;
  return (second ?? first) / Math.sqrt(v + eps);
};

test.each([
  ["adam", adam],
  ["adamw", adam],
  ["adagrad", adagrad],
  ["rmsprop", rmsprop],
] as const)("%s: epsInsideRoot divides by √(v + eps)", (name, step) => {
  const options = { learningRate: rate, eps, weightDecay: 0 };
  const inside = run(createOptimizer(name, { ...options, epsInsideRoot: true }), { steps: 2 });
  expect(distance(inside, after(step))).toBeLessThan(2e-6);
  expect(distance(inside, run(createOptimizer(name, options), { steps: 2 }))).toBeGreaterThan(1e-3);
});
