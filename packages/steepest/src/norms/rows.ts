import { numpy as np, random } from "@jax-js/jax";
import { defineNorm, expectEps } from "./defineNorm.ts";
import type { Norm } from "./norm.ts";
import { lengthsAlong, sumAll, unitAlong } from "./reduce.ts";
import { expectMatrix } from "./shape.ts";

/** What a row is measured by: √dIn · length, or plain length. */
export type RowMeasure = "rmsToMax" | "length";

export interface RowsOptions {
  /** Default "rmsToMax", Scion's `rownorm`; "length" is `rownorm_input`. */
  readonly measure?: RowMeasure;
  /** The weight is stored [dIn, dOut], an embedding [vocab, width]: rows are the stored columns. Default false. */
  readonly transpose?: boolean;
  /** Added to each row's measure in lmo. Default 1e-8. With 0 rows of any size count fully. */
  readonly eps?: number;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The largest row of A [dOut, dIn].
 *
 *   measure "rmsToMax"  value = √dIn · maxᵢ ‖Aᵢ‖₂    dual = Σᵢ‖Gᵢ‖₂ / √dIn    lmo: Gᵢ ↦ −Gᵢ / (√dIn · ‖Gᵢ‖₂ + eps)
 *   measure "length"    value = maxᵢ ‖Aᵢ‖₂           dual = Σᵢ‖Gᵢ‖₂          lmo: Gᵢ ↦ −Gᵢ / (‖Gᵢ‖₂ + eps)
 *
 * "rmsToMax" is the operator norm RMS→∞, "length" ℓ2→∞ (for one-hot inputs). Zero rows stay zero.
 * init: Gaussian rows, each on the sphere. Cost: two passes.
 * Source: Pethick et al. 2025, arXiv:2502.07529 ("RowNorm"); eps as in LIONS-EPFL/scion.
 */
export function rows({
  measure = "rmsToMax",
  transpose = false,
  eps = 1e-8,
  scale = 1,
}: RowsOptions = {}): Norm {
  const name = measure === "rmsToMax" ? "rownorm" : "rownorm_input";
  expectEps(name, eps);
  const axis = transpose ? 0 : 1; // along a row
  /** ‖row‖ = length · factor. */
  const factor = (method: string, x: { readonly shape: readonly number[] }): number => {
    const [m, n] = expectMatrix(`${name}.${method}`, x);
    return measure === "length" ? 1 : Math.sqrt(transpose ? m : n);
  };
  return defineNorm(
    {
      name,
      value(a) {
        const perLength = factor("value", a);
        return np.max(lengthsAlong(a, axis)).mul(perLength);
      },
      dual(g) {
        const perLength = factor("dual", g);
        return sumAll(lengthsAlong(g, axis)).div(perLength);
      },
      lmo(g) {
        const perLength = factor("lmo", g);
        return unitAlong(g, axis, perLength, eps).mul(-1);
      },
      init(key, shape) {
        const perLength = factor("init", { shape });
        return unitAlong(random.normal(key, [...shape]), axis, perLength, 0);
      },
    },
    scale,
  );
}
