import type { numpy as np } from "@jax-js/jax";
import { expectNumbers, type NumberRange } from "../core/expectNumbers.ts";

/** A number, or a scalar array for what changes from step to step inside a compiled one. An array is consumed. */
export type Scalar = number | np.Array;

/** The scalar once more. */
export function keep(x: Scalar): Scalar {
  return typeof x === "number" ? x : x.ref;
}

/** Gives the scalar up. */
export function drop(x: Scalar): void {
  if (typeof x !== "number") x.dispose();
}

/** Throws where one of the named values is a number, or no array, and not of the range; an array may be traced and is not read. */
export function expectScalars(
  owner: string,
  values: Readonly<Record<string, unknown>>,
  range: NumberRange,
): void {
  const numbers = Object.entries(values).filter(
    ([, value]) => !(typeof value === "object" && value !== null && "ref" in value),
  );
  expectNumbers(owner, Object.fromEntries(numbers), range);
}
