import { numpy as np } from "@jax-js/jax";

import { singularValues } from "../matrix/svd.ts";
import { combine } from "./combine.ts";
import { frobenius } from "./frobenius.ts";
import type { Norm } from "./norm.ts";
import { type NuclearOptions, nuclear } from "./nuclear.ts";
import type { OracleOptions } from "./oracle.ts";
import { expectMatrix } from "./shape.ts";
import { type DualMode, spectral } from "./spectral.ts";

export interface FStarOptions extends OracleOptions {
  /** α in [0, 1]: 1 is `operator`, 0 `frobenius`. Default 0.5. */
  readonly alpha?: number;
  /** As in `spectral`. */
  readonly dual?: DualMode;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The norm of F-Muon: its dual is F*(G) = α‖G‖_nuc + (1−α)‖G‖_F. Matrices.
 *
 *   lmo(G) = −(α UVᵀ + (1−α) G/‖G‖_F)       value(A) = the smallest t with ‖(σ − αt)₊‖₂ ≤ (1−α)t, σ the singular values
 *
 * since A in t·ball is A = X + Y with σ₁(X) ≤ αt and ‖Y‖_F ≤ (1−α)t, and clipping σ is the best X. init: −lmo of a Gaussian.
 * Cost: that of `operator`; value an SVD and a bisection.
 * Source: The Nuclear Norm and Beyond (draft); value derived.
 */
export function fStar({ alpha = 0.5, scale = 1, ...options }: FStarOptions = {}): Norm {
  return combine(alpha, spectral({ ...options, radius: "operator" }), frobenius(), {
    name: "f_star",
    scale,
    value(a) {
      expectMatrix("f_star.value", a);
      return gauge(
        alpha,
        singularValues(a),
        (sigma, level) => ({
          first: level.ref,
          rest: lengthOf(np.maximum(sigma.sub(level), 0)),
        }),
        "falls",
      );
    },
  });
}

export interface FTwoOptions extends NuclearOptions {
  /** α in [0, 1]: 1 is `nuclear`, 0 `frobenius`. Default 0.5. */
  readonly alpha?: number;
}

/**
 * The norm of F-Neon: its dual is F2(G) = α‖G‖_op + (1−α)‖G‖_F. Matrices.
 *
 *   lmo(G) = −(α u₁v₁ᵀ + (1−α) G/‖G‖_F)       value(A) = the smallest t with dist₂(σ, {s ≥ 0: Σs ≤ αt}) ≤ (1−α)t
 *
 * σ the singular values; the projection takes a level θ off them, down to 0. init: −lmo of a Gaussian. Cost: that of
 * `nuclear`; value an SVD and a bisection. Source: The Nuclear Norm and Beyond (draft); value derived.
 */
export function fTwo({ alpha = 0.5, scale = 1, ...options }: FTwoOptions = {}): Norm {
  return combine(alpha, nuclear(options), frobenius(), {
    name: "f_two",
    scale,
    value(a) {
      expectMatrix("f_two.value", a);
      return gauge(
        alpha,
        singularValues(a),
        (sigma, level) => ({
          first: np.sum(np.maximum(sigma.ref.sub(level.ref), 0)),
          rest: lengthOf(np.minimum(sigma, level)),
        }),
        "grows",
      );
    },
  });
}

/** How σ is shared out at a level: the first norm of one part, the Frobenius norm of the rest. Consumes both. */
type Split = (sigma: np.Array, level: np.Array) => { first: np.Array; rest: np.Array };

/**
 * t = first + rest at the level where first : rest = α : 1−α, for 0 < α < 1, by 30 bisections of [0, max σ], more digits
 * than float32 has. `rest` grows or falls with the level, first the other way. Consumes σ.
 */
function gauge(alpha: number, values: np.Array, split: Split, rest: "grows" | "falls"): np.Array {
  const largest = np.max(values.ref);
  const safe = np.where(largest.ref.greater(0), largest.ref, 1);
  const sigma = values.div(safe); // so that squares neither overflow nor underflow
  let low = largest.ref.mul(0);
  for (let step = 1; step <= 30; step++) {
    const middle = low.ref.add(2 ** -step);
    const parts = split(sigma.ref, middle.ref);
    const [first, other] = [parts.first.mul(1 - alpha), parts.rest.mul(alpha)];
    const further = rest === "grows" ? first.greater(other) : other.greater(first);
    low = np.where(further, middle, low);
  }
  const { first, rest: left } = split(sigma, low);
  return first.add(left).mul(largest);
}

const lengthOf = (x: np.Array): np.Array => np.sqrt(np.sum(np.square(x)));
