import { numpy as np } from "@jax-js/jax";

/**
 * (x − mean) / √(variance + eps) · gain + bias over the last axis, the variance being the mean of squares (no
 * Bessel correction); gain and bias [last], same shape as x.
 * Source: Ba, Kiros & Hinton 2016, arXiv:1607.06450. eps = 1e-5 as in GPT-2 and PyTorch.
 */
export function layerNorm(x: np.Array, gain: np.Array, bias: np.Array, eps = 1e-5): np.Array {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred
    .mul(np.reciprocal(np.sqrt(variance.add(eps))))
    .mul(gain)
    .add(bias);
}
