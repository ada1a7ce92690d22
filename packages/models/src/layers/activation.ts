import { nn, numpy as np } from "@jax-js/jax";

/** The feed-forward nonlinearity; `swiglu` multiplies two projections and so has a third matrix. */
export type Activation = "relu2" | "gelu" | "swiglu";

/** exp of a larger number overflows float32 and would turn the gradient of sigmoid into 0 · ∞. */
const MAX_EXPONENT = 80;

/**
 * The elementwise nonlinearities.
 *
 * - relu2: max(x, 0)². So et al. 2021, arXiv:2109.08668.
 * - gelu: x Φ(x) with the exact erf, not the tanh approximation of GPT-2. Hendrycks & Gimpel 2016,
 *   arXiv:1606.08415.
 * - swiglu: silu(x) = x σ(x), applied to the gate. Shazeer 2020, arXiv:2002.05202. jax-js's own sigmoid has
 *   NaN gradients below −88; here the exponent is clipped at 80, where σ is 1e-35.
 *
 * jax-js's tanh has a relative error of 8e-5 for arguments near 5e-4. Nothing here uses it. It would not hurt
 * inside a tanh-GELU, where 1 is added (4e-8 absolute), but would in soft-capped logits, c·tanh(x/c).
 */
export const activations = {
  relu2: (x) => np.square(nn.relu(x)),
  gelu: (x) => nn.gelu(x, { approximate: false }),
  swiglu: (x) => x.ref.mul(np.reciprocal(np.exp(np.minimum(np.negative(x), MAX_EXPONENT)).add(1))),
} satisfies Record<Activation, (x: np.Array) => np.Array>;
