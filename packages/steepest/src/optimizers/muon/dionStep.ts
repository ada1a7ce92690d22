import { numpy as np, random } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import { pathHash } from "../../core/parameters/pathHash.ts";
import type { Transform } from "../../core/transform.ts";
import { orthonormalColumns } from "../../matrix/orthonormalColumns.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

export interface DionStepOptions {
  /** μ in [0, 1): what of the captured part stays in the buffer. */
  readonly momentum: number;
  /** q as a share of the short side, rounded up; in (0, 1]. */
  readonly rankFraction: number;
  /**
   * Work on the transpose of wide weights, so that Q lies on the short side. Default true; the simple code
   * does not.
   */
  readonly transposeWide?: boolean;
  /** Added to the lengths of the columns of Q. Default 1e-8. */
  readonly eps?: number;
}

/**
 * M in the weight's shape, and Q, whose rows are the short side's with `transposeWide`, else the columns'.
 */
export type DionState = { buffer: np.Array; basis: np.Array };

/**
 * An orthonormal update of rank q by one warm-started power step, what it does not capture staying in the
 * buffer:
 *
 *   B = M + G;  P = orth(BQ);  R = BᵀP;  M ← B − (1−μ)PRᵀ;  Q ← columns of R at unit length;  emits PQᵀ
 *
 * Q has the columns' side of B, or of its transpose for wide weights. Weights of rank above 2 are seen as
 * [d0, rest]. B = 0 emits zero and keeps Q. State: the buffer, mn, and Q. Q starts Gaussian. BQ of deficient
 * rank has no unique orthonormal basis; what comes out is finite, and zero in place of NaN. Source: Ahn et
 * al. 2025, arXiv:2504.05295, microsoft/dion dion_simple.py.
 */
export function dionStep(options: DionStepOptions): Transform<PerParameterState<DionState>> {
  const { momentum, rankFraction, transposeWide = true, eps = 1e-8 } = options;
  if (!(rankFraction > 0 && rankFraction <= 1))
    throw new RangeError(`dionStep: rankFraction must be in (0, 1], got ${rankFraction}`);
  const turned = ([rows, columns]: readonly [number, number]): boolean => transposeWide && rows < columns;
  return perParameter({
    name: "dionStep",
    init(weight, path) {
      const { shape, dtype } = weight;
      const sides = matrixSides(shape);
      const rank = Math.ceil(rankFraction * Math.min(...sides));
      const length = turned(sides) ? sides[0] : sides[1];
      const basis = random.normal(random.key(pathHash(path)), [length, rank]).astype(dtype);
      return { buffer: np.zerosLike(weight), basis };
    },
    update(gradient, { buffer: past, basis: q }, weight) {
      weight.dispose();
      const { shape } = gradient;
      const sides = matrixSides(shape);
      const turn = (x: np.Array): np.Array => (turned(sides) ? np.matrixTranspose(x) : x);
      const b = turn(past.add(gradient).reshape(sides));
      const some = np.max(np.abs(b.ref)).greater(0);
      const p = finiteOr(orthonormalColumns(np.matmul(b.ref, q.ref)), some.ref);
      const r = np.matmul(np.matrixTranspose(b.ref), p.ref);
      const buffer = b.sub(np.matmul(p.ref, np.matrixTranspose(r.ref)).mul(1 - momentum));
      const lengths = np.sqrt(np.sum(np.square(r.ref), 0, { keepdims: true })).add(eps);
      const basis = np.where(some, r.div(lengths), q);
      const step = np.matmul(p, np.matrixTranspose(basis.ref));
      return [turn(step).reshape(shape), { buffer: turn(buffer).reshape(shape), basis }];
    },
    // With all directions captured M is μB, so that B was the heavy-ball sum.
    estimate({ buffer, basis: { shape } }, gradient) {
      if (shape[1] !== Math.min(...matrixSides(buffer.shape)))
        throw new Error(
          "dion of low rank keeps in its buffer what its steps did not capture, which is no average of gradients: " +
            "take rankFraction 1 to have one, or the gradient itself",
        );
      return momentum === 0 ? gradient.ref : buffer.ref.mul((1 - momentum) / momentum);
    },
  });
}

/** p, with zero for NaN and where the condition does not hold. */
function finiteOr(p: np.Array, condition: np.Array): np.Array {
  return np.where(condition, np.where(np.isnan(p.ref), 0, p), 0);
}
