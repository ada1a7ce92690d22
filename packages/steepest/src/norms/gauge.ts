import { numpy as np } from "@jax-js/jax";

/** How σ is shared out at a level: the first norm of one part, the Frobenius norm of the rest. Consumes both. */
type Split = (sigma: np.Array, level: np.Array) => { first: np.Array; rest: np.Array };

/**
 * t = first + rest at the level where first : rest = α : 1−α, for 0 < α < 1, by 30 bisections of [0, max σ], more digits
 * than float32 has. `rest` grows or falls with the level, first the other way. Consumes σ.
 */
export function gauge(alpha: number, values: np.Array, split: Split, rest: "grows" | "falls"): np.Array {
  const largest = np.max(values.ref);
  const safe = np.where(largest.ref.greater(0), largest.ref, 1);
  const sigma = values.div(safe); // so that squares neither overflow nor underflow
  let low = largest.ref.mul(0);
  for (let step = 1; step <= 30; step++) {
    const middle = low.ref.add(2 ** -step);
    const parts = split(sigma.ref, middle.ref);
    const [first, other] = [parts.first.mul(1 - alpha), parts.rest.mul(alpha)];
    const further = rest === "grows" ? first.greater(other) : other.greater(first);
    low = np.where(further, middle, low);
  }
  const { first, rest: left } = split(sigma, low);
  return first.add(left).mul(largest);
}

/** ‖x‖₂ of entries whose squares neither overflow nor underflow. Consumes x. */
export const lengthOf = (x: np.Array): np.Array => np.sqrt(np.sum(np.square(x)));
