import { nn, numpy as np } from "@jax-js/jax";

/** The feed-forward nonlinearity; `swiglu` multiplies two projections and so has a third matrix. */
export type Activation = "relu2" | "gelu" | "swiglu";

/** exp of a larger number overflows float32 and would turn the gradient of sigmoid into 0 · ∞. */
const MAX_EXPONENT = 80;

/** x σ(s), s a function of x; jax-js's own sigmoid has NaN gradients below −88. */
const gated = (x: np.Array, s: np.Array): np.Array =>
  x.mul(np.reciprocal(np.exp(np.minimum(np.negative(s), MAX_EXPONENT)).add(1)));

/**
 * The elementwise nonlinearities.
 *
 * - relu2: max(x, 0)². So et al. 2021, arXiv:2109.08668.
 * - gelu: x Φ(x) with the exact erf, not the tanh approximation of GPT-2. Hendrycks & Gimpel 2016,
 *   arXiv:1606.08415.
 * - swiglu: silu(x) = x σ(x), applied to the gate. Shazeer 2020, arXiv:2002.05202. The exponent is clipped at
 *   80, where σ is 1e-35.
 */
export const activations = {
  relu2: (x) => np.square(nn.relu(x)),
  gelu: (x) => nn.gelu(x, { approximate: false }),
  swiglu: (x) => gated(x.ref, x),
} satisfies Record<Activation, (x: np.Array) => np.Array>;

/**
 * What `activationScale` multiplies a nonlinearity with, so that activations keep their size from layer to
 * layer (Pethick et al. 2025, arXiv:2502.07529: ReLU and GELU times √2, squared ReLU (√2 relu)² = 2 relu²).
 *
 * On N(0, 1) these leave mean squares of 1 (relu), 6 (relu2) and 0.85 (gelu). The authors give no factor for swiglu;
 * ours is 1/√E[silu(x)²] = 1.676532, which leaves 1 when gate and up projection are independent N(0, 1).
 */
export const activationScales = {
  relu: Math.SQRT2,
  relu2: 2,
  gelu: Math.SQRT2,
  swiglu: 1.676532,
} satisfies Record<Activation | "relu", number>;

/**
 * GPT-2's GELU, 0.5 x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³), computed as the same x σ(2u): jax-js's
 * tanh has a relative error of 8e-5 near 0 and overflows far out.
 */
export function tanhGelu(x: np.Array): np.Array {
  const u = x.ref.add(x.ref.mul(np.square(x.ref)).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return gated(x, u.mul(2));
}
