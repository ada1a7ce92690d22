import { numpy as np } from "@jax-js/jax";
import { scaleByLargest } from "./normalization.ts";
import { expectMatrices } from "./shape.ts";

export interface PowerIterationOptions {
  /** How many times u and v are improved. Default 10. */
  readonly steps?: number;
  /** Where v starts, [..., n]: any nonzero vectors, e.g. v of the last call. Consumed. Default: ones. */
  readonly start?: np.Array;
}

export interface SingularTriple {
  /** [...], uᵀxv: never above the largest singular value. */
  readonly sigma: np.Array;
  /** [..., m], unit length; zero for a zero matrix. */
  readonly u: np.Array;
  /** [..., n], unit length; zero for a zero matrix. */
  readonly v: np.Array;
}

/**
 * The top singular triple of each matrix of [..., m, n] by alternating products.
 *
 *   `steps` times:  u ← xv / |xv|,  v ← xᵀu / |xᵀu|;       sigma = uᵀxv
 *
 * Relative error of sigma about (σ₂/σ₁)^(4·steps), of u and v (σ₂/σ₁)^(2·steps), from a start that is not
 * orthogonal to v₁; a rank-one matrix is exact after one step. On a slowly changing matrix start from the last v.
 * Cost: 4mn·steps FLOPs. Scale-free: works on x / max|x|. Consumes x. Can be traced.
 */
export function powerIteration(
  x: np.Array,
  { steps = 10, start }: PowerIterationOptions = {},
): SingularTriple {
  const { batch, columns } = expectMatrices("powerIteration", x);
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`powerIteration: steps must be a positive integer, got ${steps}`);
  const { dtype } = x;
  const { scaled, scale } = scaleByLargest(x);
  let v = start === undefined ? np.ones([...batch, columns], { dtype }) : start;
  if (v.shape.join() !== [...batch, columns].join())
    throw new Error(
      `powerIteration: start must have one entry per column, shape [${[...batch, columns]}]; got [${v.shape}]`,
    );
  let column = unit(v.reshape([...batch, columns, 1]));
  const transposed = np.matrixTranspose(scaled.ref);
  let u = unit(np.matmul(scaled.ref, column.ref));
  let image = np.matmul(transposed.ref, u.ref);
  for (let step = 1; step < steps; step++) {
    column.dispose();
    column = unit(image);
    u.dispose();
    u = unit(np.matmul(scaled.ref, column.ref));
    image = np.matmul(transposed.ref, u.ref);
  }
  scaled.dispose();
  transposed.dispose();
  column.dispose();
  // uᵀxv for v = xᵀu/|xᵀu| is |xᵀu|
  const sigma = np.sqrt(np.sum(np.square(image.ref), [-2, -1])).mul(scale.reshape(batch));
  v = np.squeeze(unit(image), -1);
  return { sigma, u: np.squeeze(u, -1), v };
}

/** Columns [..., n, 1] at unit length; zero stays zero. Consumes x. */
function unit(x: np.Array): np.Array {
  const { scaled, scale } = scaleByLargest(x);
  scale.dispose();
  const length = np.sqrt(np.sum(np.square(scaled.ref), -2, { keepdims: true }));
  return scaled.div(np.where(length.ref.greater(0), length, 1));
}
