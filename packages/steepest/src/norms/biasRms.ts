import { numpy as np, random } from "@jax-js/jax";
import { defineNorm, expectEps } from "./defineNorm.ts";
import type { Norm } from "./norm.ts";
import { length, unit } from "./reduce.ts";

export interface BiasOptions {
  /** Start at zero, as Scion does with biases, instead of on the sphere. Default true. */
  readonly zeroInit?: boolean;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

export interface BiasRmsOptions extends BiasOptions {
  /** Added to the RMS in lmo. Default 1e-8. */
  readonly eps?: number;
}

/**
 * The root mean square of all d entries of a bias or gain. Any shape.
 *
 *   value(b) = ‖b‖₂/√d       dual(g) = √d · ‖g‖₂       lmo(g) = −g / (rms(g) + eps)
 *
 * init is zero unless `zeroInit: false`: a bias starts inside the ball, not on its sphere. Cost: two passes.
 * Source: Pethick et al. 2025, arXiv:2502.07529. Their code averages over the first axis only, which for a
 * tensor [1, …] is the sign; here it is over all entries.
 */
export function biasRms({ eps = 1e-8, zeroInit = true, scale = 1 }: BiasRmsOptions = {}): Norm {
  expectEps("bias_rms", eps);
  return defineNorm(
    {
      name: "bias_rms",
      value(b) {
        const d = b.size;
        return length(b).div(Math.sqrt(d));
      },
      dual(g) {
        const d = g.size;
        return length(g).mul(Math.sqrt(d));
      },
      lmo(g) {
        const d = g.size;
        return unit(g, 1 / Math.sqrt(d), eps).mul(-1);
      },
      init(key, shape) {
        if (!zeroInit) {
          const gaussian = random.normal(key, [...shape]);
          const d = gaussian.size;
          return unit(gaussian, 1 / Math.sqrt(d), 0);
        }
        key.dispose();
        return np.zeros([...shape]);
      },
    },
    scale,
  );
}
