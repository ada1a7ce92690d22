import { counterRandom } from "./counterRandom.ts";

/** Each changes one half by a random function of the other; four of each mix all that has been measured. */
const rounds = 8;

/**
 * Where index `i` of 0 … count − 1 stands in an order that is a pure function of (seed, epoch): a permutation of which
 * nothing is stored, for counts up to 2^53. Not all orders can come about as in `permutation`, but pairs and positions are
 * as if drawn.
 *
 * A Feistel network over pairs (left, right) of Z_a × Z_b, a = ⌈√count⌉, b = ⌈count / a⌉, whose round function is
 * `counterRandom`; results ≥ count (fewer than a of them) go through it again.
 * Source: Black & Rogaway 2002, "Ciphers with arbitrary finite domains" (generalised Feistel, cycle walking).
 */
export function permutedIndex(seed: number, epoch: number, count: number, i: number): number {
  const a = Math.ceil(Math.sqrt(count));
  const b = Math.ceil(count / a);
  /** Halves are below 2^27, so that half and round go into one counter of 32 bits. */
  const draw = (half: number, round: number, size: number): number =>
    Math.floor(counterRandom(seed, "order", epoch, half * rounds + round) * size);
  let index = i;
  do {
    let left = index % a;
    let right = Math.floor(index / a);
    for (let round = 0; round < rounds; round += 2) {
      left = (left + draw(right, round, a)) % a;
      right = (right + draw(left, round + 1, b)) % b;
    }
    index = right * a + left;
  } while (index >= count);
  return index;
}
