import { numpy as np, random } from "@jax-js/jax";
import { maxAbs, sumAll } from "../matrix/reduce.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";

export interface MaxOptions {
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
  /** Start at zero instead of on the sphere. Default false. */
  readonly zeroInit?: boolean;
}

/**
 * The largest entry, ℓ∞. Any shape. For a matrix also the operator norm ℓ1→ℓ∞.
 *
 *   value(x) = max |xᵢ|       dual(g) = Σ|gᵢ|       lmo(g) = −sign(g), sign(0) = 0
 *
 * Its conditional gradient is sign descent. init: fair coins ±1. Cost: one pass.
 */
export function max({ scale = 1, zeroInit = false }: MaxOptions = {}): Norm {
  return defineNorm(
    {
      name: "max",
      value: maxAbs,
      dual: (g) => sumAll(np.abs(g)),
      lmo: (g) => np.sign(g).mul(-1),
      init: zeroInit ? zeros : coins,
    },
    scale,
  );
}

/** Fair coins ±1. Consumes the key. */
export function coins(key: np.Array, shape: readonly number[]): np.Array {
  return np.where(random.bernoulli(key, 0.5, [...shape]), 1, -1).astype(np.float32);
}

/** Zero, for a start inside the ball. Consumes the key. */
export function zeros(key: np.Array, shape: readonly number[]): np.Array {
  key.dispose();
  return np.zeros([...shape]);
}

export const maxEntry = normEntry({
  name: "max",
  options: ["zeroInit"],
  row: {
    value: "max abs(Aᵢⱼ)",
    dual: "Σ abs(Gᵢⱼ)",
    lmo: "−sign(G)",
    sharp: "(Σ abs(Gᵢⱼ))·sign(G)",
    init: "fair coins ±1",
    cost: "1 pass",
  },
  create: max,
});
