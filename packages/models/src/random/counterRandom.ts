import { threefry } from "./threefry.ts";

/** Independent sequences from one seed. */
const streams = { batches: 1, sampling: 2, order: 3, augmentation: 4, flips: 5, labels: 6 } as const;

/**
 * A uniform number in [0, 1) with 53 bits, as a pure function of its arguments.
 *
 * `seed` is an integer in 0 … 2^53 − 1; `step` and `index` are taken modulo 2^32. Throws for another seed.
 */
export function counterRandom(
  seed: number,
  stream: keyof typeof streams,
  step: number,
  index: number,
): number {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(`seed must be an integer from 0 to 2^53 - 1; got ${seed}`);
  }
  // A seed has 53 bits; the stream takes the 3 highest of the 64.
  const high = Math.floor(seed / 2 ** 32) | (streams[stream] << 29);
  const [a, b] = threefry([seed | 0, high], [step | 0, index | 0]);
  return a * 2 ** -32 + (b >>> 11) * 2 ** -53;
}
