import { counterRandom } from "../random/counterRandom.ts";

/** Which tokens may be drawn, and how evenly. */
export interface Sampling {
  /** Logits are divided by this; 0 is the argmax. */
  readonly temperature: number;
  /** Among this many largest logits only. */
  readonly topK: number;
  /** Among the fewest largest of those whose probabilities add up to this, in (0, 1]. */
  readonly topP: number;
}

/**
 * Draws an id from softmax(logits / temperature) over the `topK` largest logits, and of those the smallest set of
 * likeliest ones that has the probability `topP` (Holtzman et al. 2019, arXiv:1904.09751), in float64. Temperature 0
 * is the argmax; ties go to the smaller id. The draw is a pure function of seed and index.
 *
 * Throws `RangeError` for a negative temperature, a topK below 1, a topP outside (0, 1], or logits that are not finite.
 */
export function sampleToken(
  logits: ArrayLike<number>,
  { temperature, topK, topP, seed, index }: Sampling & { seed: number; index: number },
): number {
  expectSampling({ temperature, topK, topP });
  const best = argmax(logits);
  if (temperature === 0) return best;
  const at = (id: number): number => logits[id] ?? Number.NEGATIVE_INFINITY;
  const order = Int32Array.from(logits, (_, id) => id).sort((a, b) => at(b) - at(a) || a - b);
  const kept = order.subarray(0, topK);
  const weights = Float64Array.from(kept, (id) => Math.exp((at(id) - at(best)) / temperature));
  const nucleus = smallestSet(weights, topP);
  let left = counterRandom(seed, "sampling", 0, index) * nucleus.reduce((a, b) => a + b, 0);
  for (const [i, weight] of nucleus.entries()) {
    left -= weight;
    if (left < 0) return kept[i] ?? best;
  }
  return best; // only when rounding leaves nothing: the draw was within 1e-16 of the end
}

/** Throws `RangeError` for settings that no draw can follow. */
export function expectSampling({ temperature, topK, topP }: Sampling): void {
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new RangeError(`temperature must be 0 or a positive number; got ${temperature}`);
  }
  if (!(Number.isInteger(topK) && topK >= 1))
    throw new RangeError(`topK must be a positive integer; got ${topK}`);
  if (!(topP > 0 && topP <= 1)) throw new RangeError(`topP must be above 0 and at most 1; got ${topP}`);
}

/** The smallest id of the largest logit. */
function argmax(logits: ArrayLike<number>): number {
  if (logits.length === 0) throw new RangeError("there are no logits to sample from");
  let best = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? Number.NaN;
    if (!Number.isFinite(logit)) {
      throw new RangeError(
        "logits are not finite: the model has diverged, generate from an earlier checkpoint",
      );
    }
    if (logit > (logits[best] ?? 0)) best = id;
  }
  return best;
}

/** The first weights, in descending order, that together have at least `share` of the sum. */
function smallestSet(weights: Float64Array, share: number): Float64Array {
  if (share === 1) return weights;
  const enough = share * weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  const last = weights.findIndex((weight) => {
    sum += weight;
    return sum >= enough;
  });
  return last < 0 ? weights : weights.subarray(0, last + 1);
}
