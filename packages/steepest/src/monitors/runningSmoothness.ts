import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";

import type { SmoothnessSample } from "./smoothnessSample.ts";

export interface RunningSmoothnessOptions {
  /** β in (0, 1], the weight of the past in the sums; 1 forgets nothing. Default 0.99: the last hundred samples. */
  readonly decay?: number;
}

/** Six scalars, float32: the weighted count, means and centred second moments of the pairs (a, Λ). */
export type RunningSmoothnessState = {
  readonly weight: np.Array;
  readonly gradientNorm: np.Array;
  readonly ratio: np.Array;
  readonly gradientSquare: np.Array;
  readonly product: np.Array;
  readonly ratioSquare: np.Array;
};

/** Scalars. */
export interface RunningSmoothnessEstimate {
  /** ≥ 0. */
  readonly l0: np.Array;
  /** ≥ 0. */
  readonly l1: np.Array;
  /** √(weighted mean of (Λ − L0 − L1·a)²): how far the samples are from the line. */
  readonly error: np.Array;
}

/** Pure functions over a state of six scalars; all can be traced. */
export interface RunningSmoothness {
  /** No samples. */
  init(): RunningSmoothnessState;
  /** The state with one sample more. Consumes both. A sample of weight 0, or one that is not finite, changes nothing. */
  observe(state: RunningSmoothnessState, sample: SmoothnessSample): RunningSmoothnessState;
  /** L0 and L1 so far; all 0 before the first sample. Consumes the state. */
  estimate(state: RunningSmoothnessState): RunningSmoothnessEstimate;
}

/**
 * L0, L1 ≥ 0 along a run, by exponentially weighted nonnegative least squares over samples (aₖ, Λₖ) of `smoothnessSample`:
 *
 *   minimise  Σᵢ β^(K−i) (L0 + L1·aᵢ − Λᵢ)²   subject to L0, L1 ≥ 0
 *
 * kept as W = Σβ^(K−i), the weighted means ā, Λ̄ and the centred sums C_aa, C_aΛ, C_ΛΛ, for a new sample W ← βW + 1,
 *
 *   δ = a − ā,  ε = Λ − Λ̄,  ā ← ā + δ/W,  Λ̄ ← Λ̄ + ε/W,   C_aa ← βC_aa + δ(a − ā),  C_aΛ ← βC_aΛ + δ(Λ − Λ̄),  C_ΛΛ likewise
 *
 * (centred, because in float32 plain sums of squares would cancel), and solved by
 *
 *   L1 = C_aΛ/C_aa, L0 = Λ̄ − L1·ā;   L1 < 0: (Λ̄, 0);   L0 < 0: (0, (C_aΛ + WāΛ̄)/(C_aa + Wā²))
 *
 * which are all cases of the optimality conditions; where all a are alike to 1e-5, (Λ̄, 0). With β = 1 it is the `fit` of `estimateSmoothness` over all samples. Steps
 * after them: ρ = L0/L1 and γ = 1/L0 for `ggnc`. On a quadratic Λ ≤ L, and
 * one of a single curvature gives L1 = 0, L0 = L; cosh(cx) gives L1 about c.
 *
 * Cost: 24 bytes of state and some twenty scalar operations a sample, besides the sample's own.
 * Throws a RangeError for a decay outside (0, 1]. Same data as Riabinin et al. 2025, arXiv:2505.13416; the estimator is ours,
 * its moments West 1979, Comm. ACM 22(9).
 */
export function runningSmoothness({ decay = 0.99 }: RunningSmoothnessOptions = {}): RunningSmoothness {
  expectNumbers("runningSmoothness", { decay }, "(0, 1]");
  return {
    init: () => ({
      weight: np.zeros([]),
      gradientNorm: np.zeros([]),
      ratio: np.zeros([]),
      gradientSquare: np.zeros([]),
      product: np.zeros([]),
      ratioSquare: np.zeros([]),
    }),
    observe: (state, sample) => observe(state, sample, decay),
    estimate,
  };
}

/** 2^64: beyond it squares leave float32. Comparing with it also finds NaN, which compares false. */
const LARGEST = 2 ** 64;

function observe(
  state: RunningSmoothnessState,
  sample: SmoothnessSample,
  decay: number,
): RunningSmoothnessState {
  const [a, y] = [sample.gradientNorm.astype(np.float32), sample.ratio.astype(np.float32)];
  const finite = np.where(a.ref.less(LARGEST), np.where(y.ref.less(LARGEST), sample.weight, 0), 0);
  const sound = finite.greater(0);
  const weight = state.weight.ref.mul(decay).add(1);
  const [da, dy] = [a.ref.sub(state.gradientNorm.ref), y.ref.sub(state.ratio.ref)];
  const meanA = state.gradientNorm.ref.add(da.ref.div(weight.ref));
  const meanY = state.ratio.ref.add(dy.ref.div(weight.ref));
  const [restA, restY] = [a.sub(meanA.ref), y.sub(meanY.ref)];
  const next = {
    weight,
    gradientNorm: meanA,
    ratio: meanY,
    gradientSquare: state.gradientSquare.ref.mul(decay).add(da.ref.mul(restA)),
    product: state.product.ref.mul(decay).add(da.mul(restY.ref)),
    ratioSquare: state.ratioSquare.ref.mul(decay).add(dy.mul(restY)),
  };
  const kept = {
    weight: np.where(sound.ref, next.weight, state.weight),
    gradientNorm: np.where(sound.ref, next.gradientNorm, state.gradientNorm),
    ratio: np.where(sound.ref, next.ratio, state.ratio),
    gradientSquare: np.where(sound.ref, next.gradientSquare, state.gradientSquare),
    product: np.where(sound.ref, next.product, state.product),
    ratioSquare: np.where(sound.ref, next.ratioSquare, state.ratioSquare),
  };
  sound.dispose();
  return kept;
}

/** (1e-5)²: where a varies by less than that share of its mean, its differences are rounding. */
const NO_SPREAD = 1e-10;

function estimate(state: RunningSmoothnessState): RunningSmoothnessEstimate {
  const { weight, gradientNorm: a, ratio: y, gradientSquare: aa, product: ay, ratioSquare: yy } = state;
  const least = np.square(a.ref).mul(weight.ref).mul(NO_SPREAD);
  const slope = np.where(aa.ref.greater(least), ay.ref.div(nonzero(aa.ref)), 0);
  const intercept = y.ref.sub(slope.ref.mul(a.ref));
  const squares = aa.ref.add(weight.ref.mul(np.square(a.ref)));
  const through = ay.ref.add(weight.ref.mul(a.ref).mul(y.ref)).div(nonzero(squares));
  const falling = slope.ref.less(0);
  const below = intercept.ref.less(0);
  const l0 = np.where(falling.ref, y.ref, np.maximum(intercept, 0));
  const l1 = np.where(falling, 0, np.where(below, through, slope));
  const middle = np.square(y.sub(l0.ref).sub(l1.ref.mul(a))).mul(weight.ref);
  const around = yy.sub(l1.ref.mul(ay).mul(2)).add(np.square(l1.ref).mul(aa));
  const error = np.sqrt(np.maximum(around.add(middle), 0).div(np.maximum(weight, 1)));
  return { l0, l1, error };
}

/** x ≥ 0 with 1 for 0, to divide by. Consumes x. */
function nonzero(x: np.Array): np.Array {
  return np.where(x.ref.greater(0), x, 1);
}
