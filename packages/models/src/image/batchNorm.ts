import { numpy as np } from "@jax-js/jax";

/** Mean and variance of every channel, [channels]. */
export interface Moments {
  readonly mean: np.Array;
  readonly variance: np.Array;
}

export interface NormParams {
  readonly gain?: np.Array;
  readonly bias: np.Array;
}

/**
 * Batch normalisation by the batch itself: y = (x − mean) / √(variance + eps) · gain + bias for every channel of
 * x [batch, channels, height, width], mean and (biased) variance over batch, height and width. Also returns these.
 * Source: Ioffe & Szegedy 2015, arXiv:1502.03167.
 */
export function batchNorm(x: np.Array, params: NormParams, eps: number): [y: np.Array, moments: Moments] {
  const mean = np.mean(x.ref, [0, 2, 3], { keepdims: true });
  const centred = x.sub(mean.ref);
  const variance = np.mean(np.square(centred.ref), [0, 2, 3], { keepdims: true });
  const scale = np.reciprocal(np.sqrt(variance.ref.add(eps)));
  const channels = mean.shape[1] ?? 1;
  const shape = [1, channels, 1, 1];
  const factor = params.gain === undefined ? scale : scale.mul(params.gain.reshape(shape));
  const y = centred.mul(factor).add(params.bias.reshape(shape));
  return [y, { mean: mean.reshape([channels]), variance: variance.reshape([channels]) }];
}

/** The same by given moments: one multiplication and one addition for each number of x. */
export function normalizeBy(
  x: np.Array,
  { mean, variance }: Moments,
  params: NormParams,
  eps: number,
): np.Array {
  const channels = mean.shape[0] ?? 1;
  const scale = np.reciprocal(np.sqrt(variance.add(eps)));
  const factor = params.gain === undefined ? scale : scale.mul(params.gain);
  const shift = params.bias.sub(mean.mul(factor.ref));
  const shape = [1, channels, 1, 1];
  return x.mul(factor.reshape(shape)).add(shift.reshape(shape));
}
