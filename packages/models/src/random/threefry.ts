const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** From Threefish, so that a zero key is no fixed point. */
const PARITY = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds: two random uint32 as a pure function of a 64-bit key and a 64-bit counter.
 * The same counter always gives the same numbers, so nothing needs to be stored to continue a run.
 * Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */
export function threefry(
  key: readonly [number, number],
  counter: readonly [number, number],
): [number, number] {
  const keys = [key[0], key[1], key[0] ^ key[1] ^ PARITY];
  let a = (counter[0] + key[0]) | 0;
  let b = (counter[1] + key[1]) | 0;
  for (let group = 1; group <= 5; group++) {
    for (let round = 0; round < 4; round++) {
      const by = rotations[((group - 1) % 2) * 4 + round] ?? 0;
      a = (a + b) | 0;
      b = ((b << by) | (b >>> (32 - by))) ^ a;
    }
    a = (a + (keys[group % 3] ?? 0)) | 0;
    b = (b + (keys[(group + 1) % 3] ?? 0) + group) | 0;
  }
  return [a >>> 0, b >>> 0];
}
