import { numpy as np } from "@jax-js/jax";

/** Cosines and sines of the angles, [time, headDim / 2] each. */
export interface RotaryTables {
  readonly cos: np.Array;
  readonly sin: np.Array;
}

/**
 * The angles position · base^(−i/k) of positions 0 … time − 1 and pairs i < k = headDim / 2, computed in
 * float64 and rounded once.
 */
export function rotaryTables(time: number, headDim: number, base: number, dtype: np.DType): RotaryTables {
  const half = headDim / 2;
  const table = (f: (angle: number) => number): np.Array =>
    np.array(
      Array.from({ length: time * half }, (_, n) => f(Math.floor(n / half) * base ** (-(n % half) / half))),
      { shape: [time, half], dtype },
    );
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

/**
 * Turns the pair (xᵢ, xᵢ₊ₖ) of every head, k = headDim / 2, by the angle of its position and i, so that
 * ⟨rotate(q)ₜ, rotate(k)ₛ⟩ depends on t − s only. x [batch, heads, time, headDim], headDim even; the shape is kept.
 * Borrows the tables.
 *
 * Source: Su et al. 2021, arXiv:2104.09864, there with neighbouring pairs; halves as in GPT-NeoX and in the
 * LLaMA and Qwen checkpoints of Hugging Face.
 */
export function rotate(x: np.Array, { cos, sin }: RotaryTables): np.Array {
  const [a, b] = np.split(x, 2, -1) as [np.Array, np.Array];
  return np.concatenate([a.ref.mul(cos.ref).sub(b.ref.mul(sin.ref)), b.mul(cos.ref).add(a.mul(sin.ref))], -1);
}

/** `rotate` at positions 0 … time − 1. */
export function rotary(x: np.Array, base = 10000): np.Array {
  const [time, headDim] = x.shape.slice(-2) as [number, number];
  const tables = rotaryTables(time, headDim, base, x.dtype);
  const turned = rotate(x, tables);
  tables.cos.dispose();
  tables.sin.dispose();
  return turned;
}
