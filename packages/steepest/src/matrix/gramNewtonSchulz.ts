import { numpy as np } from "@jax-js/jax";

import type { Coefficients } from "./coefficients/coefficientSet.ts";
import { gramRestarts } from "./gramRestarts.ts";
import { type IterationOptions, resolveNewtonSchulz } from "./newtonSchulzOptions.ts";
import { normalize } from "./normalization.ts";
import { expectMatrices } from "./shape.ts";
import {
  addIdentity,
  cutStrips,
  disposeStrips,
  joinStrips,
  mapStrips,
  refStrips,
  type Strips,
  symmetricProduct,
} from "./symmetricStrips.ts";

export interface GramNewtonSchulzOptions extends IterationOptions {
  /**
   * Before which steps (1 is after the first) the accumulated factor is applied and the Gram matrix formed anew.
   * Default: `gramRestarts`, about every third step. None loses small singular values in float32: 4e-3 on a
   * spectrum i^(−2.5).
   */
  readonly restarts?: readonly number[];
}

/**
 * `newtonSchulz` on the small Gram matrix: the same polynomial, for rectangular matrices at less cost.
 *
 *   R = XXᵀ, Q = I;  each step (a, b, c):  Z = bR + cR²,  Q ← Q(aI + Z),  R ← (aI + Z) R (aI + Z);   result Q X
 *
 * All factors are polynomials of one symmetric matrix: they commute, and of each product only the blocks on and below the
 * diagonal are computed (`symmetricShare` of it, 5/8 for n ≥ 512). n short side, m long side, T steps, ρ restarts:
 * 4(1+ρ)n²m + (8T−6−6ρ)n³ FLOPs against T(4n²m + 2n³) before that saving (`gramNewtonSchulzFlops`).
 * x: [..., m, n] in any orientation; the result has its shape and dtype; zero for zero. Consumes x. Can be traced.
 *
 * Source: Zhang, Amsel, Chen & Dao 2026, Dao-AILab/gram-newton-schulz.
 */
export function gramNewtonSchulz(x: np.Array, options: GramNewtonSchulzOptions = {}): np.Array {
  expectMatrices("gramNewtonSchulz", x);
  const { restarts, ...iteration } = options;
  const { schedule, normalization } = resolveNewtonSchulz(iteration);
  expectRestarts(restarts);
  return iterateGram(normalize(x, normalization), schedule, restarts ?? gramRestarts(schedule));
}

/** Throws a RangeError unless all are whole step numbers. */
export function expectRestarts(restarts: readonly number[] | undefined): void {
  const stray = restarts?.find((at) => !Number.isInteger(at) || at < 1);
  if (stray !== undefined)
    throw new RangeError(`gramNewtonSchulz: restarts must be whole step numbers ≥ 1, got ${stray}`);
}

/** The iteration alone, for an x of [..., m, n] whose singular values are at most 1 already. Consumes x. */
export function iterateGram(
  x: np.Array,
  schedule: readonly Coefficients[],
  restarts: readonly number[],
): np.Array {
  const { rows, columns } = expectMatrices("iterateGram", x);
  const tall = rows > columns;
  let wide = tall ? np.matrixTranspose(x) : x;
  for (const part of segments(schedule, restarts)) wide = iterate(wide, part);
  return tall ? np.matrixTranspose(wide) : wide;
}

/** The schedule cut before each restart. */
function segments(schedule: readonly Coefficients[], restarts: readonly number[]): Coefficients[][] {
  const cuts = [
    0,
    ...restarts.filter((at) => at < schedule.length).toSorted((a, b) => a - b),
    schedule.length,
  ];
  return cuts
    .slice(1)
    .map((end, i) => schedule.slice(cuts[i], end))
    .filter((part) => part.length > 0);
}

/** The steps of one segment on x [..., n, m], n ≤ m. Consumes x. */
function iterate(x: np.Array, steps: readonly Coefficients[]): np.Array {
  const cut = cutStrips(x.ref);
  let gram = symmetricProduct(refStrips(cut), cut);
  let factor: Strips | undefined; // Q, undefined for the identity
  for (const [i, coefficients] of steps.entries()) {
    const polynomial = polynomialOf(refStrips(gram), coefficients);
    factor = factor === undefined ? refStrips(polynomial) : symmetricProduct(factor, refStrips(polynomial));
    if (i < steps.length - 1)
      gram = symmetricProduct(symmetricProduct(refStrips(polynomial), gram), refStrips(polynomial));
    disposeStrips(polynomial);
  }
  disposeStrips(gram);
  return factor === undefined ? x : np.matmul(joinStrips(factor), x);
}

/** aI + bR + cR². Consumes R. */
function polynomialOf(gram: Strips, [a, b, c]: Coefficients): Strips {
  if (c === 0)
    return addIdentity(
      gram.map((strip) => strip.mul(b)),
      a,
    );
  const square = symmetricProduct(refStrips(gram), refStrips(gram));
  return addIdentity(
    mapStrips((s, r) => s.mul(c).add(r.mul(b)), square, gram),
    a,
  );
}
