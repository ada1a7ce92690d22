import { type numpy as np, random } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import { defineNorm } from "./defineNorm.ts";
import type { Norm } from "./norm.ts";

export interface CombineOptions {
  /** Default `combine(α, a, b)` by the names of the norms. */
  readonly name?: string;
  /** ‖x‖ where a formula is known. Consumes x. */
  readonly value?: (x: np.Array) => np.Array;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The norm whose dual is the convex combination of two dual norms, α in [0, 1]:
 *
 *   dual(g) = α·a.dual(g) + (1−α)·b.dual(g)          lmo(g) = α·a.lmo(g) + (1−α)·b.lmo(g)
 *
 * Its unit ball is the sum of the two balls, α·A + (1−α)·B, so it is the set of all steps of that form. The norm itself,
 * the smallest t with x in t·ball, has no formula in general: `value` throws unless one is given (`fStar` and `fTwo`
 * have theirs). Where α is 0 or 1 the other norm is not computed. init: −lmo of a Gaussian. Cost: both oracles.
 */
export function combine(alpha: number, a: Norm, b: Norm, options: CombineOptions = {}): Norm {
  expectNumbers("combine", { alpha }, "[0, 1]");
  const { name = `combine(${alpha}, ${a.name}, ${b.name})`, scale = 1 } = options;
  const mix = (fn: (norm: Norm) => (x: np.Array) => np.Array, x: np.Array): np.Array => {
    if (alpha === 1) return fn(a)(x);
    if (alpha === 0) return fn(b)(x);
    return fn(a)(x.ref)
      .mul(alpha)
      .add(fn(b)(x).mul(1 - alpha));
  };
  const value = (x: np.Array): np.Array => {
    if (alpha === 1) return a.value(x);
    if (alpha === 0) return b.value(x);
    if (options.value !== undefined) return options.value(x);
    throw new Error(
      `${name}.value has no formula; give one as the option value, or work with dual, lmo and sharp, which need none`,
    );
  };
  const lmo = (g: np.Array): np.Array => mix((norm) => norm.lmo, g);
  return defineNorm(
    {
      name,
      value,
      dual: (g) => mix((norm) => norm.dual, g),
      lmo,
      init: (key, shape) => lmo(random.normal(key, [...shape])).mul(-1),
    },
    scale,
  );
}
