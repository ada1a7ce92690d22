import type { Transform } from "../transform.ts";
import { type EmaState, ema } from "../transforms/ema.ts";
import { identity } from "../transforms/identity.ts";
import type { Stateless } from "../tree.ts";

/** The gradient estimator of a method: an average from zero, or nothing (and no state) for momentum 0. */
export function momentumEstimate(momentum: number): Transform<EmaState | Stateless> {
  if (!(momentum >= 0 && momentum < 1)) throw new RangeError(`momentum must be in [0, 1), got ${momentum}`);
  return momentum === 0 ? identity() : ema(momentum);
}
