import { expectNumbers } from "../core/expectNumbers.ts";
import type { Rate } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import type { Stateless } from "../core/tree.ts";
import { type EmaState, ema } from "../transforms/ema.ts";
import { type EmaFromFirstState, emaFromFirst } from "../transforms/emaFromFirst.ts";
import { identity } from "../transforms/identity.ts";
import { scheduledEma } from "../transforms/scheduledEma.ts";

/** Where an average starts: at zero, as the papers have it, or at the first gradient. */
export type MomentumStart = "zero" | "gradient";

/**
 * The gradient estimator of a method: an average, or nothing (and no state) for momentum 0. One whose
 * momentum is a schedule always starts at the first gradient.
 */
export function momentumEstimate(
  momentum: Rate,
  start: MomentumStart = "zero",
): Transform<EmaState | EmaFromFirstState | Stateless> {
  if (typeof momentum === "function") return scheduledEma(momentum);
  expectNumbers("momentumEstimate", { momentum }, "[0, 1)");
  if (momentum === 0) return identity();
  return start === "zero" ? ema(momentum) : emaFromFirst(momentum);
}
