import { numpy as np } from "@jax-js/jax";

import type { Schedule } from "./schedule.ts";
import { expectSchedule, expectSteps } from "./scheduleChecks.ts";

/**
 * min(1, (t + 1) / steps) · schedule(max(0, t − steps)): any schedule after `steps` steps of linear warm-up, the first of
 * which already moves. `warmup(cosine({ steps: 900 }), 100)` is `cosine({ steps: 1000, warmup: 100 })`.
 */
export function warmup(schedule: Schedule, steps: number): Schedule {
  expectSchedule("warmup", "the schedule", schedule);
  expectSteps("warmup", "steps", steps, 0);
  return (count) => schedule(np.maximum(count.ref.sub(steps), 0)).mul(warmupFactor(count, steps));
}

/** min(1, (t + 1) / warmup). */
export function warmupFactor(count: np.Array, warmup: number): np.Array {
  return np.minimum(count.add(1).div(Math.max(1, warmup)), 1);
}
