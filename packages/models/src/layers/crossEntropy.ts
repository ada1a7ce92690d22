import { nn, numpy as np } from "@jax-js/jax";

/**
 * Mean of −log softmax(logits)[target] over the rows, in nats: logits [n, classes], targets int32 [n].
 *
 * Safe at any scale of logits: logsumexp subtracts the row maximum. The target's logit is picked by comparing
 * with 0 … classes − 1: the gradient of a gather along an axis does not compile under `jit` in jax-js 0.1.25
 * ("scatter input is not imm"), and the comparison fuses into the reduction. A target outside the range
 * contributes logsumexp alone; validate ids before.
 */
export function crossEntropy(logits: np.Array, targets: np.Array): np.Array {
  const [rows, classes] = logits.shape as [number, number];
  const isTarget = np.equal(targets.reshape([rows, 1]), np.arange(classes));
  const logNormaliser = nn.logsumexp(logits.ref, -1);
  const targetLogit = np.sum(np.where(isTarget, logits, 0), -1);
  return np.mean(logNormaliser.sub(targetLogit));
}
