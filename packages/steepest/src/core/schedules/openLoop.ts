import { numpy as np } from "@jax-js/jax";

import type { Schedule } from "./schedule.ts";

/**
 * 2 / (t + 2), the open-loop step of the conditional gradient: its first step jumps to a vertex of the ball.
 * For learning rate 1. Source: Frank & Wolfe 1956; Jaggi 2013.
 */
export function openLoop(): Schedule {
  return (count) => np.reciprocal(count.add(2)).mul(2);
}
