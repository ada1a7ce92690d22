import type { Operation } from "../nest/nest.ts";

/** What is the same rounded from double precision. */
const COMPUTED: Partial<Record<Operation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  neg: (a) => 0 - a,
  reciprocal: (a) => 1 / a,
  floor: Math.floor,
  ceil: Math.ceil,
  sqrt: Math.sqrt,
  cast: (a) => a,
  copy: (a) => a,
};

/** The operand that leaves the other one as it is. */
const NEUTRAL: Partial<Record<Operation, number>> = { add: 0, mul: 1 };

/** What stands for a result: a number, or the operand at a position. */
export type Folded = { readonly value: number } | { readonly operand: number };

/**
 * What an operation in float32 need not compute; `numbers` are its operands, where they are known. As in jax-js, 0 times
 * anything is 0, infinity and NaN too, and x + 0 keeps −0.
 */
export function folded(operation: Operation, numbers: readonly (number | undefined)[]): Folded | undefined {
  const known = numbers.flatMap((n) => (n === undefined ? [] : [Math.fround(n)]));
  const [a, b = 0] = known;
  const compute = COMPUTED[operation];
  if (a === undefined || compute === undefined) return undefined;
  if (known.length === numbers.length) return { value: Math.fround(compute(a, b)) };
  if (operation === "mul" && a === 0) return { value: 0 };
  return a === NEUTRAL[operation] ? { operand: numbers.indexOf(undefined) } : undefined;
}
