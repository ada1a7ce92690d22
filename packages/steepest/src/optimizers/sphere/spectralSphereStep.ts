import { jit, numpy as np } from "@jax-js/jax";
import { expectWhole } from "../../core/expectNumbers.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { type Polar, polarFunction } from "../../matrix/polar.ts";
import { powerIteration } from "../../matrix/powerIteration.ts";
import { sumAll, unit } from "../../matrix/reduce.ts";
import { startVector } from "../../matrix/startVector.ts";
import { onMatrices } from "../../transforms/onMatrices.ts";

export interface SpectralSphereOptions {
  /** R of an m × n weight. Default √(m/n), the spectral µP radius. */
  readonly radius?: (rows: number, cols: number) => number;
  /** Iterations for the top singular triple of W. Default 5. */
  readonly powerSteps?: number;
  /** How msign is found. Default Polar Express, 8 steps. */
  readonly polar?: Polar;
  /** Steps of false position for λ, an msign each. 0: λ = 0, MuonSphere. Default 6. */
  readonly solverSteps?: number;
}

/** √(m/n), the spectral µP radius. */
export const sphereRadius = (rows: number, cols: number): number => Math.sqrt(rows / cols);
const eightSteps: Polar = {
  method: "polarExpress",
  variant: "polarExpressNvidia",
  steps: 8,
  normalization: "torch",
};

/**
 * The steepest unit step in the spectral norm that keeps ‖W‖₂ to first order:
 *
 *   emits R·msign(Ĝ + λ uvᵀ), Ĝ = G/‖G‖_F, (u, v) the top singular pair of W, λ with ⟨uvᵀ, msign(Ĝ + λuvᵀ)⟩ = 0
 *
 * h(λ) = ‖Ĝ + λuvᵀ‖_* is convex and its slope is that inner product, so λ lies in ±2‖Ĝ‖_* ⊂ ±2√min(m, n): always bracketed,
 * and no state. The code brackets from its last λ and bisects; false position (Illinois) needs a third of the msigns. Source: Xie et al. 2026, arXiv:2601.08393.
 */
export function spectralSphereStep(options: SpectralSphereOptions = {}): StatelessTransform {
  const { radius = sphereRadius, powerSteps: steps = 5, polar = eightSteps, solverSteps = 6 } = options;
  expectWhole("spectralSphereStep", { powerSteps: steps }, 1);
  expectWhole("spectralSphereStep", { solverSteps }, 0);
  const msign = polarFunction(polar);
  // Compiled on its own, since it is hundreds of small operations; a compiled step takes it apart again.
  const step = jit((gradient: np.Array, weight: np.Array): np.Array => {
    const [rows = 1, cols = 1] = gradient.shape;
    const g = unit(gradient, 1, 0);
    const { sigma, u, v } = powerIteration(weight, { steps, start: nearlyOnes(weight) });
    sigma.dispose();
    const normal = u.reshape([rows, 1]).mul(v.reshape([1, cols]));
    if (solverSteps === 0) {
      normal.dispose();
      return msign(g).mul(radius(rows, cols));
    }
    const at = (lambda: np.Array): np.Array => msign(g.ref.add(normal.ref.mul(lambda)));
    const slope = (lambda: np.Array): np.Array => sumAll(at(lambda).mul(normal.ref));
    const lambda = falsePosition(slope, 2 * Math.sqrt(Math.min(rows, cols)), solverSteps);
    const direction = at(lambda);
    g.dispose();
    normal.dispose();
    return direction.mul(radius(rows, cols));
  });
  return onMatrices((gradient, weight) => step(gradient, weight));
}

/**
 * Where the power iteration starts, [n] for a weight [m, n]. The authors start it at ones, and five steps do not forget that; where
 * rows sum to zero ones find nothing, and the last digit decides. Consumes nothing.
 */
export function nearlyOnes({ shape, dtype }: np.Array): np.Array {
  const columns = shape[1] ?? 1;
  return startVector(columns, dtype).mul(1e-6).add(1);
}

/**
 * The zero of a non-decreasing function of a scalar that is ±1 near ±bound, by false position in Illinois' variant: the value at an
 * end that stays twice is halved. Order 1.4 a step. Consumes nothing but what `slope` does.
 */
function falsePosition(slope: (x: np.Array) => np.Array, bound: number, steps: number): np.Array {
  let [low, atLow] = [np.full([], -bound), np.full([], -1)];
  let [high, atHigh] = [np.full([], bound), np.full([], 1)];
  let lastWasHigh: np.Array | undefined;
  const between = (): np.Array =>
    low.ref.mul(atHigh.ref).sub(high.ref.mul(atLow.ref)).div(atHigh.ref.sub(atLow.ref));
  for (let step = 0; step < steps; step++) {
    const x = between();
    const value = slope(x.ref);
    const isHigh = value.ref.greater(0);
    const repeated = lastWasHigh === undefined ? np.array(false) : isHigh.ref.equal(lastWasHigh);
    const damping = np.where(repeated, 0.5, 1);
    atLow = np.where(isHigh.ref, atLow.mul(damping.ref), value.ref);
    atHigh = np.where(isHigh.ref, value, atHigh.mul(damping));
    low = np.where(isHigh.ref, low, x.ref);
    high = np.where(isHigh.ref, x, high);
    lastWasHigh = isHigh;
  }
  const root = between();
  for (const unused of [low, high, atLow, atHigh, lastWasHigh]) unused?.dispose();
  return root;
}
