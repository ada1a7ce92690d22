import type { numpy as np } from "@jax-js/jax";

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
