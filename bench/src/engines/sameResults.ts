import type { BenchEngine, Prepared } from "./protocol.ts";

/** Sums of float32 in another order, through a few layers: differences of 1e-6 are usual, another model gives 1e-2. */
const TOLERANCE = 1e-4;
/** Factors of 8 bits: what is the same computation there, and no more can be said. */
const BF16_TOLERANCE = 3e-2;

/**
 * Throws unless the engines found the same losses and gradient norm, that is unless they computed the same model. The
 * second loss of a training step is after an update: another learning rate shows there (another weight decay is too
 * small a change to show).
 */
export function expectSameResults(what: string, prepared: ReadonlyMap<BenchEngine, Prepared>): void {
  const [reference, ...others] = prepared;
  if (reference === undefined) return;
  const [name, expected] = reference;
  for (const [other, found] of others) {
    const tolerance = other === "pytorch-bf16" ? BF16_TOLERANCE : TOLERANCE;
    const pairs = [
      ["first loss", found.losses[0], expected.losses[0]],
      ["second loss", found.losses[1], expected.losses[1]],
      ["norm of the gradients", found.gradNorm, expected.gradNorm],
    ] as const;
    for (const [quantity, a, b] of pairs) {
      if (a === undefined || b === undefined) continue;
      if (!(Math.abs(a - b) <= tolerance * Math.abs(b))) {
        throw new Error(
          `${what}: the ${quantity} is ${a} on ${other} but ${b} on ${name}: not the same computation`,
        );
      }
    }
  }
}
