import { numpy as np } from "@jax-js/jax";

// The number of steps already taken, an int32 scalar in the state: exact up to 2^31, where a float32 stops at 2^24.

export function zeroCount(): np.Array {
  return np.array(0, { dtype: np.int32 });
}

export function nextCount(count: np.Array): np.Array {
  return count.add(1);
}

export function firstStep(count: np.Array): np.Array {
  return count.equal(0);
}

/** Consumes the count; float32, as schedules take it. */
export function countAsFloat(count: np.Array): np.Array {
  return count.astype(np.float32);
}

/**
 * 1 − β^t for the t-th step, t ≥ 1: what an average from zero must be divided by. Consumes `step`.
 *
 * By expm1: forming β^t first would lose four digits at β = 0.999, t = 1.
 */
export function biasCorrection(beta: number, step: np.Array): np.Array {
  if (beta === 0) return np.onesLike(countAsFloat(step));
  return np.expm1(countAsFloat(step).mul(Math.log(beta))).neg();
}

/** The phase of a periodic transform read from its count, outside `jit`. Borrows the count. */
export function readPhase(name: string, count: np.Array, period: number): number {
  if (!(count instanceof np.Array)) {
    throw new Error(
      `${name} repeats every ${period} steps, and a compiled step cannot read its step count: ` +
        `compile one step per phase and pass { phase: step % ${period} } as the last argument of update`,
    );
  }
  return count.ref.item() % period;
}
