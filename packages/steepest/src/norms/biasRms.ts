import { numpy as np, random } from "@jax-js/jax";
import { length, lengthsAlong, sumAll, unit, unitAlong } from "../matrix/reduce.ts";
import { defineNorm, expectEps } from "./defineNorm.ts";
import { flagParameter, normEntry } from "./entry.ts";
import { epsParameter } from "./epsParameter.ts";
import type { Norm } from "./norm.ts";

export interface BiasOptions {
  /** Start at zero, as Scion does with biases, instead of on the sphere. Default true. */
  readonly zeroInit?: boolean;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

export interface BiasRmsOptions extends BiasOptions {
  /** Added to the RMS in lmo. Default 1e-8. */
  readonly eps?: number;
  /**
   * As Scion's code: the root mean square over the first axis alone, one for each position of the others. For vectors the
   * same; for a tensor [1, …] the sign. Default false.
   */
  readonly compat?: boolean;
}

/**
 * The root mean square of all d entries of a bias or gain. Any shape.
 *
 *   value(b) = ‖b‖₂/√d       dual(g) = √d · ‖g‖₂       lmo(g) = −g / (rms(g) + eps)
 *
 * init is zero unless `zeroInit: false`: a bias starts inside the ball, not on its sphere. Cost: two passes.
 * Source: Pethick et al. 2025, arXiv:2502.07529. Their code averages over the first axis only, which for a
 * tensor [1, …] is the sign; here it is over all entries unless `compat`, which is the largest of these over positions.
 */
export function biasRms({
  eps = 1e-8,
  zeroInit = true,
  scale = 1,
  compat = false,
}: BiasRmsOptions = {}): Norm {
  expectEps("bias_rms", eps);
  if (compat) return firstAxisRms(eps, zeroInit, scale);
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

/** value = max over positions of the RMS along axis 0, dual = √d₀ · Σ of the lengths along it. */
function firstAxisRms(eps: number, zeroInit: boolean, scale: number): Norm {
  const first = (x: np.Array): number => x.shape[0] ?? 1;
  const unitFirst = (x: np.Array, floor: number): np.Array => {
    const factor = 1 / Math.sqrt(first(x));
    return x.ndim === 0 ? unit(x, factor, floor) : unitAlong(x, 0, factor, floor);
  };
  const lengths = (x: np.Array): np.Array => (x.ndim === 0 ? length(x) : lengthsAlong(x, 0));
  return defineNorm(
    {
      name: "bias_rms",
      value(b) {
        const d = first(b);
        return np.max(lengths(b)).div(Math.sqrt(d));
      },
      dual(g) {
        const d = first(g);
        return sumAll(lengths(g)).mul(Math.sqrt(d));
      },
      lmo: (g) => unitFirst(g, eps).mul(-1),
      init(key, shape) {
        if (!zeroInit) return unitFirst(random.normal(key, [...shape]), 0);
        key.dispose();
        return np.zeros([...shape]);
      },
    },
    scale,
  );
}

export const biasRmsEntry = normEntry({
  name: "bias_rms",
  options: ["zeroInit"],
  parameters: {
    eps: epsParameter,
    compat: flagParameter("bias_rms: over the first axis alone, as Scion's code; own is false"),
  },
  row: {
    value: "RMS(b)",
    dual: "√d·‖g‖₂",
    lmo: "−g/RMS(g)",
    sharp: "d·g",
    init: "zero",
    cost: "2 passes",
  },
  create: biasRms,
});
