import { nn, numpy as np } from "@jax-js/jax";

/**
 * Cross-entropy with smoothed labels, the mean over the rows in nats: logits [n, classes], labels int32 [n].
 *
 *   −(1 − s) log p[label] − s · mean over all classes of log p          p = softmax(logits)
 *
 * s in [0, 1) moves that share of the target to all classes alike; 0 is the plain cross-entropy. Then the
 * loss has a positive minimum, the entropy of the smoothed target.
 * Source: Szegedy et al. 2015, arXiv:1512.00567, section 7.
 */
export function smoothedCrossEntropy(logits: np.Array, labels: np.Array, smoothing = 0): np.Array {
  const [rows, classes] = logits.shape as [number, number];
  const logNormaliser = nn.logsumexp(logits.ref, -1);
  const isLabel = np.equal(labels.reshape([rows, 1]), np.arange(classes));
  const expected =
    smoothing === 0
      ? np.sum(np.where(isLabel, logits, 0), -1)
      : np.sum(logits.mul(np.where(isLabel, 1 - smoothing + smoothing / classes, smoothing / classes)), -1);
  return np.mean(logNormaliser.sub(expected));
}
