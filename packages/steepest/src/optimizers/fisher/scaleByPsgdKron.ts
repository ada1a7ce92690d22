import { numpy as np, random } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import { pathHash } from "../../core/parameters/pathHash.ts";
import type { Transform } from "../../core/transform.ts";
import { powerIteration } from "../../matrix/powerIteration.ts";
import { rootMeanSquare } from "../../transforms/clipByRms.ts";
import { countAsFloat } from "../../transforms/count.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

export interface PsgdKronOptions {
  /** Step of the preconditioner. */
  readonly lrPreconditioner: number;
  /** Weight of the past in the estimate of its curvature. */
  readonly betaL: number;
  /** Noise added to gradients, absolute. */
  readonly damping: number;
  /** Weight of the past in a warmed-up average of gradients; 0 keeps none. */
  readonly momentum: number;
  /** Probability that the preconditioner is updated in a step. */
  readonly updateProbability: number;
  /** Sides longer than this, or with d² > maxSkew · mn, are diagonal. */
  readonly maxSize: number;
  readonly maxSkew: number;
  readonly seed: number;
}

/** Q₁ and Q₂, [d, d] or as a diagonal [d]; L of either; a key; with momentum the average in the weight's shape. */
export type PsgdKronState = {
  left: np.Array;
  right: np.Array;
  leftCurvature: np.Array;
  rightCurvature: np.Array;
  key: np.Array;
  mean?: np.Array;
};

const EPS = 2 ** -23;

/**
 * PSGD with a Kronecker preconditioner P = QᵀQ, Q = Q₂ ⊗ Q₁, fitted to whiten gradients by a multiplicative descent of its own:
 *
 *   X = P(G + noise);  T = XXᵀ, c = n;  ℓ = ‖T‖₂ + c;  L ← max(βL + (1−β)ℓ, ℓ);  Q ← Q − (μ/L)(TQ − cQ), then made symmetric
 *
 * and the same for columns. Emits P G (or P of the average), its RMS clipped to 2 and entries to ±10. No inverse, no
 * eigendecomposition. State m² + n² + 2 (a diagonal side d) and mn with momentum; the key is not counted. The first scale is
 * taken tensor by tensor from the first gradient, where the code takes one for all.
 * Source: Li 2015/2018, arXiv:1512.04202; 2024, arXiv:2402.11858; psgd_torch's KronWhiten, Q0.5EQ1.5.
 */
export function scaleByPsgdKron(options: PsgdKronOptions): Transform<PerParameterState<PsgdKronState>> {
  const { lrPreconditioner, betaL, damping, momentum, updateProbability, maxSize, maxSkew, seed } = options;
  return perParameter<PsgdKronState>({
    name: "scaleByPsgdKron",
    init(weight, path) {
      const [rows, cols] = matrixSides(weight.shape);
      const factor = (side: number): np.Array => {
        const dense = side > 1 && side <= maxSize && side * side <= maxSkew * rows * cols;
        return dense ? np.eye(side, side, { dtype: np.float32 }) : np.ones([side], { dtype: np.float32 });
      };
      const state = {
        left: factor(rows),
        right: factor(cols),
        leftCurvature: np.zeros([], { dtype: np.float32 }),
        rightCurvature: np.zeros([], { dtype: np.float32 }),
        key: random.key((seed + pathHash(path)) % 2 ** 32),
      };
      if (momentum > 0) return { ...state, mean: np.zerosLike(weight) };
      weight.dispose();
      return state;
    },
    update(gradient, state, weight, { t }) {
      weight.dispose();
      const { left, right, leftCurvature, rightCurvature, key, mean } = state;
      const { shape } = gradient;
      const [rows, cols] = matrixSides(shape);
      const g = gradient.reshape([rows, cols]);
      const keys = random.split(key, 3);
      const [nextKey, noiseKey, coinKey] = [keys.ref.slice(0), keys.ref.slice(1), keys.slice(2)];

      // At first Q = √c·I on either side, c from the gradient.
      const first = t.ref.equal(1);
      const fourth = np.mean(np.mean(np.square(np.square(g.ref)), -1), -1).add(damping ** 4);
      const start = np.where(first, np.exp(np.log(np.maximum(fourth, 1e-37)).mul(-1 / 16)), 1);
      const q1 = left.mul(start.ref);
      const q2 = right.mul(start);

      const noise = random.normal(noiseKey, [rows, cols]);
      const probe = g.ref.add(noise.mul(np.abs(g.ref).mul(EPS).add(damping)));
      const x = whitened(q1.ref, q2.ref, probe);
      const fit = { step: lrPreconditioner, betaL };
      const one = fitted(q1.ref, leftCurvature.ref, x.ref, cols, fit);
      const two = fitted(q2.ref, rightCurvature.ref, np.matrixTranspose(x), rows, fit);
      const coins = random.uniform(coinKey, [2]);
      const updated = coins.ref.slice(0).less(updateProbability);
      const pick = (yes: np.Array, no: np.Array): np.Array => np.where(updated.ref, yes, no);
      const balanced = balance(pick(one.q, q1), pick(two.q, q2), coins.slice(1).less(0.01));
      const next = {
        left: balanced.left,
        right: balanced.right,
        leftCurvature: pick(one.curvature, leftCurvature),
        rightCurvature: pick(two.curvature, rightCurvature),
        key: nextKey,
      };
      updated.dispose();

      let direction = g;
      let kept: PsgdKronState = next;
      if (mean !== undefined) {
        const count = countAsFloat(t.ref);
        const beta = np.minimum(np.subtract(1, np.reciprocal(count)), momentum);
        const average = mean
          .reshape([rows, cols])
          .mul(beta.ref)
          .add(g.mul(np.subtract(1, beta)));
        kept = { ...next, mean: average.ref.reshape(shape) };
        direction = average;
      }
      const step = whitened(next.left.ref, next.right.ref, direction);
      const excess = np.maximum(rootMeanSquare(step.ref).div(2), 1);
      return [np.clip(step.div(excess), -10, 10).reshape(shape), kept];
    },
    estimate: ({ mean }, gradient) => (mean ?? gradient).ref,
  });
}

/** Q₁ᵀQ₁ X Q₂ᵀQ₂; a factor [d] is diagonal. Consumes all. */
function whitened(q1: np.Array, q2: np.Array, x: np.Array): np.Array {
  const half =
    q1.ndim === 1
      ? x.mul(np.square(q1).reshape([-1, 1]))
      : np.matmul(np.matrixTranspose(q1.ref), np.matmul(q1, x));
  if (q2.ndim === 1) return half.mul(np.square(q2).reshape([1, -1]));
  return np.matmul(np.matmul(half, np.matrixTranspose(q2.ref)), q2);
}

/** One step of the fit of Q for the rows of x, `others` columns long. Consumes all arrays. */
function fitted(
  q: np.Array,
  curvature: np.Array,
  x: np.Array,
  others: number,
  { step, betaL }: { readonly step: number; readonly betaL: number },
): { q: np.Array; curvature: np.Array } {
  const diagonal = q.ndim === 1;
  const t = diagonal ? np.sum(np.square(x), 1) : np.matmul(x.ref, np.matrixTranspose(x));
  const size = (diagonal ? np.max(t.ref) : spectralNorm(t.ref)).add(others);
  const bound = np.maximum(curvature.mul(betaL).add(size.ref.mul(1 - betaL)), size);
  const rate = np.reciprocal(bound.ref).mul(step);
  if (diagonal) return { q: q.ref.sub(q.mul(t.sub(others)).mul(rate)), curvature: bound };
  const moved = q.ref.sub(np.matmul(t, q.ref).sub(q.mul(others)).mul(rate));
  return { q: towardsSymmetric(moved), curvature: bound };
}

/** ‖t‖₂ from below, by four power iterations and the longest row. Consumes t. */
function spectralNorm(t: np.Array): np.Array {
  const rows = np.max(np.sqrt(np.sum(np.square(t.ref), 1)));
  const { sigma, u, v } = powerIteration(t, { steps: 4 });
  u.dispose();
  v.dispose();
  return np.maximum(sigma, rows);
}

/** A rotation of Q towards the symmetric matrix with the same QᵀQ. Consumes q. */
function towardsSymmetric(q: np.Array): np.Array {
  const skew = np.matrixTranspose(q.ref).sub(q.ref);
  const size = spectralNorm(skew.ref);
  const r = skew.div(np.where(size.ref.greater(0), size, 1));
  const rq = np.matmul(r.ref, q.ref);
  const rrq = np.matmul(r, rq.ref);
  const [first, second] = [np.trace(rq.ref), np.trace(rrq.ref)];
  const falling = second.ref.less(0);
  const best = np.minimum(first.neg().div(np.where(falling.ref, second, 1)), 1 / 8);
  const a = np.where(falling, best, 1 / 8);
  return q.add(rq.add(rrq.mul(a.ref.mul(0.5))).mul(a));
}

/** Where `wanted`, both factors scaled to the same largest entry, their product unchanged. Consumes all. */
function balance(left: np.Array, right: np.Array, wanted: np.Array): { left: np.Array; right: np.Array } {
  const sizes = [left, right].map((q) => np.max(np.abs(q.ref)));
  const [a, b] = sizes;
  if (a === undefined || b === undefined) throw new Error("internal: two sizes");
  const safe = np.sqrt(np.maximum(b, 1e-30).div(np.maximum(a, 1e-30)));
  const ratio = np.where(wanted, safe, 1);
  return { left: left.mul(ratio.ref), right: right.div(ratio) };
}
