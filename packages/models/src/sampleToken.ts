import { counterRandom } from "./data/counterRandom.ts";

/**
 * Draws an id from softmax(logits / temperature) over the `topK` largest logits, in float64. Temperature 0 is
 * the argmax; ties go to the smaller id. The draw is a pure function of seed and index.
 *
 * Throws `RangeError` for a negative temperature, a topK below 1, or logits that are not finite.
 */
export function sampleToken(
  logits: ArrayLike<number>,
  { temperature, topK, seed, index }: { temperature: number; topK: number; seed: number; index: number },
): number {
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new RangeError(`temperature must be 0 or a positive number; got ${temperature}`);
  }
  if (!(Number.isInteger(topK) && topK >= 1))
    throw new RangeError(`topK must be a positive integer; got ${topK}`);
  const scored = Array.from(logits, (logit, id) => ({ id, logit }));
  if (!scored.every(({ logit }) => Number.isFinite(logit))) {
    throw new RangeError(
      "logits are not finite: the model has diverged, generate from an earlier checkpoint",
    );
  }
  scored.sort((a, b) => b.logit - a.logit || a.id - b.id);
  const best = scored[0];
  if (best === undefined) throw new RangeError("there are no logits to sample from");
  if (temperature === 0) return best.id;
  const kept = scored.slice(0, topK);
  const weights = kept.map(({ logit }) => Math.exp((logit - best.logit) / temperature));
  let left = counterRandom(seed, "sampling", 0, index) * weights.reduce((a, b) => a + b, 0);
  for (const [i, { id }] of kept.entries()) {
    left -= weights[i] ?? 0;
    if (left < 0) return id;
  }
  return best.id; // only when rounding leaves nothing: the draw was within 1e-16 of the end
}
