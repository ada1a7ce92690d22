import { numpy as np, random } from "@jax-js/jax";
import { isNumber } from "../core/expectNumbers.ts";

import { singularValues, svd } from "../matrix/svd.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry, numberParameter } from "./entry.ts";
import type { Norm } from "./norm.ts";
import { expectMatrix } from "./shape.ts";

export interface SchattenOptions {
  /** p > 1, finite. */
  readonly p: number;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The p-norm of the singular values. Matrices. With 1/p + 1/q = 1, G = U diag(σ) Vᵀ:
 *
 *   value(A) = (Σσᵢ^p)^(1/p)     dual(G) = (Σσᵢ^q)^(1/q)     lmo(G) = −U diag(σ^(q−1)) Vᵀ / ‖σ‖_q^(q−1)
 *
 * p = 2 is `frobenius`; p → ∞ tends to `operator` (Muon), p → 1 to `nuclear` (Neon), which are norms of their own here.
 * Singular values are taken relative to the largest, so that no power overflows; exact to rounding for p with a small denominator (3, 1.5, 4), else to 1e-5. init: −lmo of a Gaussian. Cost: an SVD.
 */
export function schattenP({ p, scale = 1 }: SchattenOptions): Norm {
  if (!(isNumber(p, "> 0") && p > 1))
    throw new RangeError(
      `schatten_p: p must be above 1 and finite, got ${p}; take nuclear for 1, operator for ∞`,
    );
  const q = p / (p - 1);
  const name = "schatten_p";
  const dual = (g: np.Array): np.Array => {
    expectMatrix(`${name}.dual`, g);
    return powerNorm(singularValues(g), q);
  };
  const lmo = (g: np.Array): np.Array => {
    expectMatrix(`${name}.lmo`, g);
    const { u, s, vt } = svd(g);
    const size = powerNorm(s.ref, q);
    const share = s.div(np.where(size.ref.greater(0), size, 1));
    return np.matmul(u.mul(np.expandDims(power(share, q - 1), -2)), vt).mul(-1);
  };
  return defineNorm(
    {
      name,
      value(a) {
        expectMatrix(`${name}.value`, a);
        return powerNorm(singularValues(a), p);
      },
      dual,
      lmo,
      init: (key, shape) => lmo(random.normal(key, [...shape])),
    },
    scale,
  );
}

/**
 * xᵉ for x ≥ 0; 0 for 0. jax-js's exp and log are good to 1e-5 only, so the result is refined by Newton's method on
 * yᵇ = xᵃ where e = a/b for a small b. Consumes x.
 */
function power(x: np.Array, exponent: number): np.Array {
  const positive = x.ref.greater(0);
  const safe = np.where(positive.ref, x, 1);
  let y = np.exp(np.log(safe.ref).mul(exponent));
  const b = [1, 2, 3, 4, 5, 6].find((d) => Math.abs(exponent * d - Math.round(exponent * d)) < 1e-12);
  if (b !== undefined) {
    const target = whole(safe.ref, Math.round(exponent * b));
    for (let step = 0; step < 2; step++) {
      const reached = whole(y.ref, b);
      const ratio = np.where(reached.ref.greater(UNDERFLOW), target.ref.div(reached), 1);
      y = y.mul(ratio.sub(1).div(b).add(1));
    }
    target.dispose();
  }
  safe.dispose();
  return np.where(positive, y, 0);
}

/** Below this a power of float32 numbers has lost its digits. */
const UNDERFLOW = 1e-30;

/** xⁿ for whole n ≥ 0, by products. Consumes x. */
function whole(x: np.Array, n: number): np.Array {
  let product = np.onesLike(x.ref);
  for (let i = 0; i < n; i++) product = product.mul(x.ref);
  x.dispose();
  return product;
}

/** (Σxᵢ^e)^(1/e) for x ≥ 0. Consumes x. */
function powerNorm(x: np.Array, exponent: number): np.Array {
  const largest = np.max(x.ref);
  const safe = np.where(largest.ref.greater(0), largest.ref, 1);
  return power(np.sum(power(x.div(safe), exponent)), 1 / exponent).mul(largest);
}

export const schattenEntry = normEntry({
  name: "schatten_p",
  parameters: {
    p: numberParameter("> 1", "schatten_p: the power of the singular values; own is 4", (x) => x > 1),
  },
  vectors: "euclidean",
  row: {
    value: "(Σσᵢᵖ)^(1/p)",
    dual: "(Σσᵢ^q)^(1/q), 1/p + 1/q = 1",
    lmo: "−U diag(σ^(q−1)) Vᵀ/‖σ‖_q^(q−1)",
    sharp: "‖σ‖_q^(2−q)·U diag(σ^(q−1)) Vᵀ",
    init: "−lmo of a Gaussian",
    cost: "SVD",
  },
  create: ({ p = 4, ...options }: Partial<SchattenOptions> = {}) => schattenP({ ...options, p }),
});
