import { numpy as np, random } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import { pathHash } from "../../core/parameters/pathHash.ts";
import type { StepContext, Transform } from "../../core/transform.ts";
import { orthonormalColumns } from "../../matrix/orthonormalColumns.ts";
import { symmetricEigen } from "../../matrix/symmetricEigen.ts";
import { divisor } from "../../transforms/divisor.ts";
import { limitedGrowth } from "../../transforms/limitGrowth.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";
import { averaging } from "../../transforms/preconditioned.ts";
import { choose } from "../../transforms/refresh.ts";

export interface AliceOptions {
  readonly rank: number;
  /** Directions that are kept at a switch. */
  readonly leading: number;
  readonly every: number;
  readonly b1: number;
  readonly b2: number;
  /** Weight of the past in the tracked covariance; 0 tracks none: Alice-0. */
  readonly b3: number;
  readonly eps: number;
  /** Factor on the compensation of what the projection drops. */
  readonly compensation: number;
  /** Most that its norm grows from step to step. */
  readonly gamma: number;
  readonly seed: number;
}

/**
 * U [k, r], k the shorter side and l the longer; tracked [r, r]; M and V [r, l]; a key; where r < k the energies p [1, l] and
 * the norm of the last compensation.
 */
export type AliceState = {
  basis: np.Array;
  tracked?: np.Array;
  mean: np.Array;
  square: np.Array;
  dropped?: np.Array;
  norm?: np.Array;
  key: np.Array;
};

/**
 * Eigen-Adam in r directions U of the shorter side, some of them exchanged for random ones now and then, and the rest of the gradient
 * with its columns scaled by what they usually are:
 *
 *   σ = UᵀG;  M, V of σ;  p ← b1·p + (1−b1)(Σᵢ Gᵢⱼ² − Σₖ σₖⱼ²);  C = √(m−r)(G − Uσ)/√p, its growth limited
 *   emits U(M/(√V + eps)) + α_c·C
 *
 * State 2nr + mr + r² + n + 1, without r² for b3 = 0, without n + 1 for r = m (m ≤ n, or transposed). New directions are a random
 * orthonormal set in the complement: the first columns of a random basis of it, as good as any of a fixed one.
 * Source: Gong et al. 2025, arXiv:2502.07752, Algorithms 2 to 4.
 */
export function scaleByAlice(options: AliceOptions): Transform<PerParameterState<AliceState>> {
  const { every, b1, b2, b3, eps, compensation, gamma, seed } = options;
  const isWide = (shape: readonly number[]): boolean => {
    const [rows, cols] = matrixSides(shape);
    return rows <= cols;
  };
  const rankOf = (short: number): number => Math.min(options.rank, short);

  const start =
    (g: np.Array) =>
    (state: AliceState): AliceState => {
      const [, rank = 1] = state.basis.shape;
      state.basis.dispose();
      const { vectors, values } = symmetricEigen(np.matmul(g.ref, np.matrixTranspose(g.ref)));
      values.dispose();
      return { ...state, basis: vectors.slice([], [0, rank]) };
    };
  const exchange =
    (g: np.Array) =>
    (state: AliceState): AliceState => {
      const { basis: u, tracked, key } = state;
      const [short = 1, rank = 1] = u.shape;
      const fresh = np.matmul(g.ref, np.matrixTranspose(g.ref)).mul(1 - b3);
      const covariance =
        tracked === undefined
          ? fresh
          : fresh.add(np.matmul(np.matmul(u.ref, tracked.ref), np.matrixTranspose(u.ref)).mul(b3));
      const q = orthonormalColumns(np.matmul(covariance.ref, u));
      const small = np.matmul(np.matrixTranspose(q.ref), np.matmul(covariance, q.ref));
      const { vectors, values } = symmetricEigen(small);
      values.dispose();
      const sorted = np.matmul(q, vectors);
      const added = Math.min(Math.max(rank - options.leading, 0), short - rank);
      const keys = random.split(key, 2);
      const nextKey = keys.ref.slice(0);
      const kept = { ...state, key: nextKey };
      if (added === 0) {
        keys.dispose();
        return { ...kept, basis: sorted };
      }
      const drawn = random.normal(keys.slice(1), [short, added]);
      const without = (x: np.Array): np.Array =>
        x.ref.sub(np.matmul(sorted.ref, np.matmul(np.matrixTranspose(sorted.ref), x)));
      // Once leaves rounding in the span where most of x lies in it; twice is enough (Parlett).
      const outside = without(without(drawn));
      const lead = sorted.slice([], [0, rank - added]);
      return { ...kept, basis: np.concatenate([lead, orthonormalColumns(outside)], 1) };
    };

  const phaseKey = ({ phase, first }: StepContext): string =>
    `${phase === every - 1 ? "switch" : "keep"}${phase === 0 && first !== false ? ` ${first ?? "either"}` : ""}`;

  return perParameter({
    name: "alice",
    period: every,
    phaseKey,
    init(weight, path) {
      const [rows, cols] = matrixSides(weight.shape);
      const [short, long] = rows <= cols ? [rows, cols] : [cols, rows];
      const rank = rankOf(short);
      weight.dispose();
      return {
        basis: np.zeros([short, rank], { dtype: np.float32 }),
        ...(b3 > 0 ? { tracked: np.zeros([rank, rank]) } : {}),
        mean: np.zeros([rank, long]),
        square: np.zeros([rank, long]),
        ...(rank < short ? { dropped: np.zeros([1, long]), norm: np.zeros([], { dtype: np.float32 }) } : {}),
        key: random.key((seed + pathHash(path)) % 2 ** 32),
      };
    },
    update(gradient, state, weight, { t, context }) {
      weight.dispose();
      const { shape } = gradient;
      const wide = isWide(shape);
      const matrix = gradient.reshape(matrixSides(shape));
      const g = wide ? matrix : np.matrixTranspose(matrix);
      const later = context.phase === every - 1 ? exchange(g) : (s: AliceState): AliceState => s;
      const { basis, tracked, mean, square, dropped, norm, key } =
        context.phase === 0 ? choose(context.first, t, state, start(g), later) : later(state);
      const sigma = np.matmul(np.matrixTranspose(basis.ref), g.ref);
      const next: AliceState = {
        basis,
        ...(tracked === undefined
          ? {}
          : { tracked: averaging(b3)(tracked, np.matmul(sigma.ref, np.matrixTranspose(sigma.ref))) }),
        mean: averaging(b1)(mean, sigma.ref),
        square: averaging(b2)(square, np.square(sigma.ref)),
        key,
      };
      const inside = next.mean.ref.div(divisor(np.sqrt(next.square.ref), eps));
      let step = np.matmul(basis.ref, inside);
      if (dropped !== undefined && norm !== undefined) {
        const [short = 1, rank = 1] = basis.shape;
        const { rest, energy } = remainder(g.ref, np.matmul(basis.ref, sigma.ref));
        const p = averaging(b1)(dropped, energy);
        const scaled = rest.div(np.sqrt(np.maximum(p.ref, 1e-30))).mul(Math.sqrt(short - rank));
        const { limited, norm: grown } = limitedGrowth(scaled, norm, gamma);
        step = step.add(limited.mul(compensation));
        next.dropped = p;
        next.norm = grown;
      }
      sigma.dispose();
      g.dispose();
      return [(wide ? step : np.matrixTranspose(step)).reshape(shape), next];
    },
    // U M, and as it is what lies outside of U.
    estimate({ basis, mean, dropped }, gradient) {
      const inside = np.matmul(basis.ref, mean.ref);
      const wide = isWide(gradient.shape);
      if (dropped === undefined) return wide ? inside : np.matrixTranspose(inside);
      const matrix = gradient.ref.reshape(matrixSides(gradient.shape));
      const g = wide ? matrix : np.matrixTranspose(matrix);
      const sigma = np.matmul(np.matrixTranspose(basis.ref), g.ref);
      const estimate = inside.add(g).sub(np.matmul(basis.ref, sigma));
      return wide ? estimate : np.matrixTranspose(estimate);
    },
  });
}

/** Of a column, below this share is what rounding left of a difference: it must not be blown up by its own length. */
const ROUNDING = 1e-6;

/**
 * What is left of g [k, l] outside the basis, and the energy of its columns [1, l]: Σ g² − Σ σ² as the paper has it, but of the
 * remainder itself, so that the two are nothing together. Consumes both.
 */
function remainder(g: np.Array, inside: np.Array): { rest: np.Array; energy: np.Array } {
  const all = np.sum(np.square(g.ref), 0, { keepdims: true });
  const rest = g.sub(inside);
  const left = np.sum(np.square(rest.ref), 0, { keepdims: true });
  const counts = left.ref.greater(all.mul(ROUNDING ** 2));
  return { rest: np.where(counts.ref, rest, 0), energy: np.where(counts, left, 0) };
}
