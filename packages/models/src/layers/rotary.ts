import { numpy as np } from "@jax-js/jax";

/**
 * Rotary position embedding. The pair (xᵢ, xᵢ₊ₖ) of a head, k = headDim / 2, at position t turns by the angle
 * t · base^(−i/k), so that ⟨rotary(q)ₜ, rotary(k)ₛ⟩ depends on t − s only.
 *
 * x [batch, heads, time, headDim], headDim even; positions are 0 … time − 1; the shape is kept.
 * Source: Su et al. 2021, arXiv:2104.09864, there with neighbouring pairs; halves as in GPT-NeoX and LLaMA
 * checkpoints. The tables are computed in float64 and rounded once to the dtype of x.
 */
export function rotary(x: np.Array, base = 10000): np.Array {
  const [time, headDim] = x.shape.slice(-2) as [number, number];
  const half = headDim / 2;
  const table = (f: (angle: number) => number): np.Array =>
    np.array(
      Array.from({ length: time * half }, (_, n) => f(Math.floor(n / half) * base ** (-(n % half) / half))),
      { shape: [time, half], dtype: x.dtype },
    );
  const cos = table(Math.cos);
  const sin = table(Math.sin);
  const [a, b] = np.split(x, 2, -1) as [np.Array, np.Array];
  return np.concatenate([a.ref.mul(cos.ref).sub(b.ref.mul(sin.ref)), b.mul(cos).add(a.mul(sin))], -1);
}
