import { numpy as np } from "@jax-js/jax";

import type { Schedule } from "./schedule.ts";
import { expectSchedule, readSteps } from "./scheduleChecks.ts";

/**
 * Schedules one after the other, by the step each begins at: `join({ 0: constant(1), 800: linear({ steps: 200 }) })`. Each
 * counts from its own beginning. The first must begin at 0.
 */
export function join(schedules: Readonly<Record<number, Schedule>>): Schedule {
  const parts = readSteps("join", schedules);
  const [[begin, first] = [0, undefined], ...rest] = parts;
  if (begin !== 0 || first === undefined)
    throw new RangeError(`join: the first schedule must begin at step 0, not ${begin}`);
  for (const [step, schedule] of parts) expectSchedule("join", `what begins at step ${step}`, schedule);
  return (count) => {
    let value = first(count.ref);
    for (const [step, schedule] of rest) {
      const own = schedule(np.maximum(count.ref.sub(step), 0));
      value = np.where(count.ref.less(step), value, own);
    }
    count.dispose();
    return value;
  };
}
