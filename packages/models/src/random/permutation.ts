import { counterRandom } from "./counterRandom.ts";

/** 0 … count − 1 in an order that is a pure function of (seed, epoch), uniform among all (Fisher and Yates). */
export function permutation(seed: number, epoch: number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(counterRandom(seed, "order", epoch, i) * (i + 1));
    const moved = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = moved;
  }
  return order;
}
