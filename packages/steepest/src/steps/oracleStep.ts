import type { StatelessTransform } from "../core/transform.ts";
import type { Norm } from "../norms/norm.ts";
import { mapOracle } from "./mapOracle.ts";

/**
 * −radius · lmo(u) for every update u: the longest step downhill in the ball of that radius, to be scaled by
 * −learningRate. Only the direction of u matters; zero stays zero.
 */
export function oracleStep(norm: Norm, radius = 1): StatelessTransform {
  expectRadius("oracleStep", radius);
  return mapOracle(norm, (_, step) => step.mul(-radius));
}

/** Throws a RangeError unless the radius is positive and finite. */
export function expectRadius(method: string, radius: number): void {
  if (radius > 0 && Number.isFinite(radius)) return;
  throw new RangeError(`${method}: radius must be positive and finite, got ${radius}`);
}
