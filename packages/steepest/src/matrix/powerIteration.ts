import { numpy as np } from "@jax-js/jax";
import { scaleByLargest } from "./normalization.ts";
import { expectMatrices } from "./shape.ts";
import { startVector } from "./startVector.ts";
import { unitColumns } from "./unitColumns.ts";

export interface PowerIterationOptions {
  /** How many times u and v are improved. Default 10. */
  readonly steps?: number;
  /** Where v starts, [..., n]: any nonzero vectors, e.g. v of the last call. Consumed. Default: `startVector`. */
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
 * orthogonal to v₁, which the default hardly ever is; a rank-one matrix is exact after one step. On a slowly changing matrix start from the last v.
 * Cost: 4mn·steps FLOPs. Scale-free: works on x / max|x|. Consumes x. Can be traced.
 */
export function powerIteration(
  x: np.Array,
  { steps = 10, start }: PowerIterationOptions = {},
): SingularTriple {
  const { batch, columns } = expectMatrices("powerIteration", x);
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new RangeError(`powerIteration: steps must be a positive integer, got ${steps}`);
  const { dtype } = x;
  const { scaled, scale } = scaleByLargest(x);
  if (start !== undefined && start.shape.join() !== [...batch, columns].join())
    throw new Error(
      `powerIteration: start must have one entry per column, shape [${[...batch, columns]}]; got [${start.shape}]`,
    );
  const first = start === undefined ? startVector(columns, dtype) : start;
  let column = unitColumns(first.reshape(start === undefined ? [columns, 1] : [...batch, columns, 1]));
  const transposed = np.matrixTranspose(scaled.ref);
  let u = unitColumns(np.matmul(scaled.ref, column.ref));
  let image = np.matmul(transposed.ref, u.ref);
  for (let step = 1; step < steps; step++) {
    column.dispose();
    column = unitColumns(image);
    u.dispose();
    u = unitColumns(np.matmul(scaled.ref, column.ref));
    image = np.matmul(transposed.ref, u.ref);
  }
  scaled.dispose();
  transposed.dispose();
  column.dispose();
  // uᵀxv for v = xᵀu/|xᵀu| is |xᵀu|
  const sigma = np.sqrt(np.sum(np.square(image.ref), [-2, -1])).mul(scale.reshape(batch));
  return { sigma, u: np.squeeze(u, -1), v: np.squeeze(unitColumns(image), -1) };
}
