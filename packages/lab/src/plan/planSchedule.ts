import { numpy as np } from "@jax-js/jax";
import { cosine, inverseSquareRoot, type Schedule, warmupStableDecay } from "steepest/schedules";
import { formatCountOf } from "../text/quantities.ts";
import type { RunPlan } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";

/**
 * The factor on the learning rates of a run, or undefined when it is always 1:
 *
 * - constant: 1 after the warm-up
 * - linear: down to 0 at the end
 * - cosine: half a cosine down to 0
 * - wsd: 1, then down to 0 over the last fifth
 * - inverse-sqrt: √(warmup / t) after the warm-up
 *
 * Throws `UsageError` for a warm-up longer than the run.
 */
export function planSchedule({ schedule, steps, warmup }: RunPlan): Schedule | undefined {
  if (warmup > steps) {
    throw new UsageError(
      `warmup ${warmup} is longer than the run of ${formatCountOf(steps, "step")}: shorten it`,
    );
  }
  switch (schedule) {
    case "constant":
      return warmup === 0 ? undefined : warmupStableDecay({ steps, warmup, decay: 0 });
    case "linear":
      return warmupStableDecay({ steps, warmup, decay: steps - warmup });
    case "cosine":
      return cosine({ steps, warmup });
    case "wsd":
      return warmupStableDecay({ steps, warmup, decay: Math.min(Math.round(steps / 5), steps - warmup) });
    case "inverse-sqrt":
      return inverseSquareRoot({ warmup: Math.max(1, warmup) });
  }
}

/** The factor of every step of a run, for its log. */
export function scheduleFactors(plan: RunPlan): Float32Array {
  const schedule = planSchedule(plan);
  if (schedule === undefined) return new Float32Array(plan.steps).fill(1);
  return Float32Array.from(schedule(np.arange(plan.steps).astype(np.float32)).dataSync());
}
