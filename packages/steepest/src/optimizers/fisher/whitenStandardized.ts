import { numpy as np } from "@jax-js/jax";
import { stepsByGradients } from "../../core/estimate.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { coupledNewtonSchulz } from "../../matrix/coupledNewtonSchulz.ts";
import { length } from "../../matrix/reduce.ts";
import { divisor } from "../../transforms/divisor.ts";
import { mapUpdates } from "../../transforms/scale.ts";

export interface WhitenOptions {
  /** Iterations of the coupled Newton-Schulz. Default 20: of Gaussian 128 × 128 all but the null direction within 1 %. */
  readonly steps?: number;
  /** What the Gram matrix is divided by first. Default "frobenius". */
  readonly divisor?: "frobenius" | "trace";
  /** Least standard deviation of a row that counts. Default 1e-8. */
  readonly eps?: number;
  /** Scale the result to the Frobenius norm of the standardised gradient. Default true. */
  readonly rescale?: boolean;
}

/** Rows of x [m, n] with their mean taken off and divided by their standard deviation; a constant row is zero. Consumes x. */
export function standardizeRows(x: np.Array, eps: number): np.Array {
  const centred = x.ref.sub(np.mean(x, 1, { keepdims: true }));
  const deviation = np.sqrt(np.mean(np.square(centred.ref), 1, { keepdims: true }));
  return centred.div(eps > 0 ? np.maximum(deviation, eps) : divisor(deviation, 0));
}

/**
 * SWAN's step: rows standardised, then whitened, (XXᵀ)^(−1/2) X by a coupled Newton-Schulz iteration on the Gram matrix
 * of the shorter side. Stateless; the same whatever the scale of a row or a constant added to it.
 * Source: Ma et al. 2024, arXiv:2412.13148; factor ½ and the division by ‖XXᵀ‖_F are ours, see the optimizer.
 */
export function whitenStandardized({
  steps = 20,
  divisor = "frobenius",
  eps = 1e-8,
  rescale = true,
}: WhitenOptions = {}): StatelessTransform {
  const whitened = mapUpdates((u) => {
    const { shape } = u;
    const x = standardizeRows(u.reshape(matrixSides(shape)), eps);
    const [rows = 1, cols = 1] = x.shape;
    const transposed = np.matrixTranspose(x.ref);
    const gram = rows <= cols ? np.matmul(x.ref, transposed) : np.matmul(transposed, x.ref);
    const { root, inverseRoot } = coupledNewtonSchulz(gram, { steps, divisor });
    root.dispose();
    const white = rows <= cols ? np.matmul(inverseRoot, x.ref) : np.matmul(x.ref, inverseRoot);
    if (!rescale) {
      x.dispose();
      return white.reshape(shape);
    }
    const own = length(white.ref);
    return white.mul(length(x).div(np.where(own.ref.greater(0), own, 1))).reshape(shape);
  });
  return { ...whitened, estimate: stepsByGradients };
}
