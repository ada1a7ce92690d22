import { lax, nn, numpy as np, random } from "@jax-js/jax";

/** Three layers with biases, tanh then GELU (exact), and dropout of a tenth from a key. */
export type MlpParams = { w: np.Array; b: np.Array }[];

export function mlpInit(sizes: readonly number[]): MlpParams {
  return sizes.slice(1).map((dOut, i) => {
    const dIn = sizes[i] ?? 1;
    return { w: random.normal(random.key(i), [dOut, dIn]).mul(dIn ** -0.5), b: np.zeros([dOut]) };
  });
}

/** Mean squared error. Uses up its arguments. */
export function mlpLoss(params: MlpParams, x: np.Array, y: np.Array, key: np.Array): np.Array {
  let h = x;
  for (const [i, { w, b }] of params.entries()) {
    h = lax.dot(h, w, { lhsContractingDims: [-1], rhsContractingDims: [-1] }).add(b);
    if (i === 0) h = np.tanh(h);
    else if (i < params.length - 1) {
      h = nn.gelu(h, { approximate: false });
      h = np.where(random.bernoulli(key, 0.9, h.shape), h.div(0.9), 0);
    }
  }
  return np.mean(np.square(h.sub(y)));
}
