import type { LossPoint } from "../run/runResult.ts";

/**
 * The first measured step whose loss is at most `target`, or null when none is. Nothing is interpolated: the answer
 * is as fine as the interval between validations. A target that is not a number is never reached.
 */
export function stepsToReach(validation: readonly LossPoint[], target: number): number | null {
  return validation.find(({ loss }) => loss <= target)?.step ?? null;
}
