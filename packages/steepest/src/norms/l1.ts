import { numpy as np, random } from "@jax-js/jax";
import { maxAbs, sumAll } from "../matrix/reduce.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";

/**
 * The sum of absolute entries, ℓ₁. Any shape.
 *
 *   value(x) = Σ|xᵢ|       dual(g) = max|gᵢ|       lmo(g) = −sign(gᵢ)eᵢ at the first i where |gᵢ| is largest
 *
 * Its conditional gradient moves one entry a step: greedy coordinate descent. init: one entry of ±1, at random.
 * Cost: two passes.
 */
export function l1({ scale = 1 }: { readonly scale?: number } = {}): Norm {
  const vertex = (g: np.Array): np.Array => {
    const { shape, size } = g;
    const flat = g.reshape([size]);
    const best = np.argmax(np.abs(flat.ref));
    const here = np.arange(size).astype(best.dtype).equal(best);
    return np.where(here, np.sign(flat), 0).reshape(shape);
  };
  return defineNorm(
    {
      name: "l1",
      value: (x) => sumAll(np.abs(x)),
      dual: maxAbs,
      lmo: (g) => vertex(g).mul(-1),
      init: (key, shape) => vertex(random.normal(key, [...shape])),
    },
    scale,
  );
}

export const l1Entry = normEntry({
  name: "l1",
  row: {
    value: "Σ abs(Aᵢⱼ)",
    dual: "max abs(Gᵢⱼ)",
    lmo: "−sign of the largest entry, there",
    sharp: "the largest entry of G, alone",
    init: "one entry ±1",
    cost: "2 passes",
  },
  create: l1,
});
