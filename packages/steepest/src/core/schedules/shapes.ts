import { numpy as np } from "@jax-js/jax";

import { isNumber } from "../expectNumbers.ts";
import type { Schedule } from "./schedule.ts";
import { expectFactor, expectShare, expectSteps } from "./scheduleChecks.ts";
import { warmupFactor } from "./warmup.ts";

/** `value` at every step, ≥ 0. */
export function constant(value = 1): Schedule {
  expectFactor("constant", "the value", value);
  return (count) => count.mul(0).add(value);
}

export interface LinearOptions {
  /** Steps from the first value to the last, > 0. */
  steps: number;
  /** Value at step 0, ≥ 0. Default 1. */
  from?: number;
  /** Value from `steps` on, ≥ 0. Default 0. */
  to?: number;
}

/** from + (to − from) · min(1, t / steps). */
export function linear({ steps, from = 1, to = 0 }: LinearOptions): Schedule {
  expectSteps("linear", "steps", steps, 1);
  expectFactor("linear", "from", from);
  expectFactor("linear", "to", to);
  return (count) =>
    np
      .minimum(count.div(steps), 1)
      .mul(to - from)
      .add(from);
}

export interface CosineOptions {
  /** All steps, warm-up included, > 0. */
  steps: number;
  /** Steps of linear warm-up from 1/warmup of the peak, ≤ steps. Default 0. */
  warmup?: number;
  /** Share of the peak that is left at the end, in [0, 1]. Default 0. */
  final?: number;
}

/**
 * Linear warm-up, then final + (1 − final) · ½ (1 + cos πp), p the share of the remaining steps done.
 * Source: Loshchilov & Hutter 2016, arXiv:1608.03983, without restarts.
 */
export function cosine({ steps, warmup = 0, final = 0 }: CosineOptions): Schedule {
  expectSteps("cosine", "steps", steps, 1);
  expectSteps("cosine", "warmup", warmup, 0);
  expectShare("cosine", "final", final);
  if (warmup > steps) {
    throw new RangeError(
      `cosine: warmup ${warmup} is longer than all ${steps} steps, which include it; the peak would never be reached`,
    );
  }
  return (count) => {
    const progress = np.clip(count.ref.sub(warmup).div(Math.max(1, steps - warmup)), 0, 1);
    const decay = np
      .cos(progress.mul(Math.PI))
      .add(1)
      .mul((1 - final) / 2)
      .add(final);
    return decay.mul(warmupFactor(count, warmup));
  };
}

export interface WarmupStableDecayOptions {
  /** All steps, > 0. */
  steps: number;
  /** Steps of linear warm-up. Default 0. */
  warmup?: number;
  /** Steps of linear decay at the end. Default a fifth of all steps. */
  decay?: number;
  /** Share of the peak that is left at the end, in [0, 1]. Default 0. */
  final?: number;
}

/** Linear warm-up, a plateau at 1, linear decay to `final` over the last `decay` steps. Hu et al. 2024, arXiv:2404.06395. */
export function warmupStableDecay({
  steps,
  warmup = 0,
  decay = Math.round(steps / 5),
  final = 0,
}: WarmupStableDecayOptions): Schedule {
  expectSteps("warmupStableDecay", "steps", steps, 1);
  expectSteps("warmupStableDecay", "warmup", warmup, 0);
  expectSteps("warmupStableDecay", "decay", decay, 0);
  expectShare("warmupStableDecay", "final", final);
  if (warmup + decay > steps) {
    throw new RangeError(
      `warmupStableDecay: warmup ${warmup} and decay ${decay} do not fit into ${steps} steps; shorten one of them`,
    );
  }
  return (count) => {
    const left = np.clip(count.ref.neg().add(steps).div(Math.max(1, decay)), 0, 1);
    return left
      .mul(1 - final)
      .add(final)
      .mul(warmupFactor(count, warmup));
  };
}

export interface InverseSquareRootOptions {
  /** Steps of linear warm-up; the decay starts from there. ≥ 1. */
  warmup: number;
}

/** min((t + 1) / warmup, √(warmup / (t + 1))): 1 at the end of the warm-up. Vaswani et al. 2017, arXiv:1706.03762. */
export function inverseSquareRoot({ warmup }: InverseSquareRootOptions): Schedule {
  expectSteps("inverseSquareRoot", "warmup", warmup, 1);
  return (count) => {
    const step = count.add(1);
    return np.minimum(step.ref.div(warmup), np.sqrt(np.reciprocal(step).mul(warmup)));
  };
}

export interface GrowingMomentumOptions {
  /** > 0; the weight of the new gradient is 1 / k^power at step k. Default 1/2. */
  power?: number;
}

/**
 * A schedule for `momentum`, not for a learning rate: 1 − 1/(t + 1)^power. The weight of the new gradient,
 * α_k = 1/√k by default, vanishes, so that the average forgets ever more slowly and its noise goes to 0.
 * Pethick et al. 2025, arXiv:2502.07529.
 */
export function growingMomentum({ power = 0.5 }: GrowingMomentumOptions = {}): Schedule {
  if (!isNumber(power, "> 0")) throw new RangeError(`growingMomentum: power must be > 0, got ${power}`);
  return (count) => np.power(count.add(1), -power).neg().add(1);
}
