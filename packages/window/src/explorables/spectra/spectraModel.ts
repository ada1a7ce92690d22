import { numpy as np, random } from "@jax-js/jax";
import { createOptimizer, disposeTree } from "steepest";
import {
  type CoefficientSetName,
  type Coefficients,
  coefficientSet,
  mapSingularValue,
  scheduleFor,
  semiOrthogonal,
  singularValues,
} from "steepest/matrix";

/** Rows and columns of the matrix of this page. */
export const SIZE = 24;

/** The places of the singular values on an axis, the largest first. */
export const ranks = Array.from({ length: SIZE }, (_, i) => i / (SIZE - 1));

/** Singular values i^(−decay), i = 1…SIZE, divided by their Frobenius norm as an iteration divides them. */
export function spectrumOf(decay: number): number[] {
  const values = Array.from({ length: SIZE }, (_, i) => (i + 1) ** -decay);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** The polynomials of so many steps of a named set; for "own" always the same one. */
export function polynomials(
  name: CoefficientSetName | "own",
  own: Coefficients,
  steps: number,
): Coefficients[] {
  if (name === "own") return Array.from({ length: steps }, () => own);
  return scheduleFor(coefficientSet(name), Math.min(steps, mostSteps(name)));
}

export const mostSteps = (name: CoefficientSetName | "own"): number =>
  name === "own" ? 10 : Math.min(10, coefficientSet(name).maxSteps ?? 10);

/** A value before the first step and after each. */
export const pathOf = (schedule: readonly Coefficients[], sigma: number): number[] => [
  sigma,
  ...schedule.map((_, step) => mapSingularValue(schedule.slice(0, step + 1), sigma)),
];

function matrixWith(spectrum: readonly number[]): np.Array {
  const left = semiOrthogonal(random.key(7), [SIZE, SIZE]);
  const right = semiOrthogonal(random.key(8), [SIZE, SIZE]);
  return np.matmul(left.mul(np.array([...spectrum], { dtype: np.float32 })), right);
}

/**
 * Singular values of the second update that an optimizer with its default options makes where both gradients are the same and have
 * this spectrum, divided by the largest. The second, since some methods, SOAP among them, only look at the first gradient. Throws
 * for a method that needs more than gradients.
 */
export function updateSpectrum(name: string, spectrum: readonly number[]): number[] {
  const optimizer = createOptimizer(name, {});
  const gradient = matrixWith(spectrum);
  const params = random.normal(random.key(3), [SIZE, SIZE]).mul(SIZE ** -0.5);
  const start = optimizer.init({ hidden: params.ref });
  const [first, between] = optimizer.update({ hidden: gradient.ref }, start, { hidden: params.ref });
  disposeTree(first);
  const [updates, state] = optimizer.update({ hidden: gradient }, between, { hidden: params });
  disposeTree(state);
  const { hidden } = updates as { readonly hidden: np.Array };
  const values = Array.from(singularValues(hidden).dataSync(), Number).sort((a, b) => b - a);
  const largest = values[0] ?? 0;
  return values.map((value) => (largest > 0 ? value / largest : 0));
}
