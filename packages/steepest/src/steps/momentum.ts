import { expectNumbers } from "../core/expectNumbers.ts";
import type { Transform } from "../core/transform.ts";
import type { Stateless } from "../core/tree.ts";
import { type EmaState, ema } from "../transforms/ema.ts";
import { type EmaFromFirstState, emaFromFirst } from "../transforms/emaFromFirst.ts";
import { identity } from "../transforms/identity.ts";

/** Where an average starts: at zero, as the papers have it, or at the first gradient. */
export type MomentumStart = "zero" | "gradient";

/** The gradient estimator of a method: an average, or nothing (and no state) for momentum 0. */
export function momentumEstimate(
  momentum: number,
  start: MomentumStart = "zero",
): Transform<EmaState | EmaFromFirstState | Stateless> {
  expectNumbers("momentumEstimate", { momentum }, "[0, 1)");
  if (momentum === 0) return identity();
  return start === "zero" ? ema(momentum) : emaFromFirst(momentum);
}
