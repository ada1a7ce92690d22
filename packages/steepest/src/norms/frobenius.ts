import { random } from "@jax-js/jax";
import { length, unit } from "../matrix/reduce.ts";
import { defineNorm, expectEps } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import { epsParameter } from "./epsParameter.ts";
import type { Norm } from "./norm.ts";

export interface FrobeniusOptions {
  /** Added to ‖g‖ in lmo. Default 0. */
  readonly eps?: number;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The Euclidean norm of all entries; for a matrix the Frobenius norm. Any shape.
 *
 *   value(x) = √Σxᵢ²       dual(g) = ‖g‖₂       lmo(g) = −g / (‖g‖₂ + eps)       sharp(g) = g
 *
 * Steepest descent with it is gradient descent, its conditional gradient normalised SGD. init: uniform on the sphere.
 * Cost: two passes. The draft that defines `nsgd` adds eps = 1e-12; with eps = 0 the step has length 1 for every nonzero g.
 */
export function frobenius({ eps = 0, scale = 1 }: FrobeniusOptions = {}): Norm {
  expectEps("frobenius", eps);
  return defineNorm(
    {
      name: "frobenius",
      value: length,
      dual: length,
      lmo: (g) => unit(g, 1, eps).mul(-1),
      sharp: (g) => g,
      init: (key, shape) => unit(random.normal(key, [...shape]), 1, 0),
    },
    scale,
  );
}

export const frobeniusEntry = normEntry({
  name: "frobenius",
  parameters: { eps: epsParameter },
  row: {
    value: "‖A‖_F",
    dual: "‖G‖_F",
    lmo: "−G/‖G‖_F",
    sharp: "G",
    init: "uniform on the sphere",
    cost: "2 passes",
  },
  create: frobenius,
});
