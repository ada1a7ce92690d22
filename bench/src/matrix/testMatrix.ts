import { numpy as np, random } from "@jax-js/jax";
import { compile } from "@steepest/onnx";
import { lanczos, semiOrthogonal } from "steepest/matrix";

import type { MatrixShape } from "./routines.ts";

/** A matrix whose singular value decomposition is known. */
export interface TestMatrix {
  /** Singular values, from 1 to 1/condition, geometrically. */
  readonly spectrum: Float32Array;
  /** [rows, r], [r, columns] with r the short side. */
  readonly u: np.Array;
  readonly vt: np.Array;
  readonly x: np.Array;
  /** The top right singular vector, about, of x + E with ‖E‖_F = 0.05·‖x‖_F. */
  readonly near: np.Array;
}

/** Random singular vectors of one shape, used for all its condition numbers. */
export async function singularBasis({ rows, columns }: MatrixShape): Promise<Pick<TestMatrix, "u" | "vt">> {
  const rank = Math.min(rows, columns);
  const [u, vt] = await Promise.all([
    inGraph(() => semiOrthogonal(random.key(1), [rows, rank])),
    inGraph(() => semiOrthogonal(random.key(2), [rank, columns])),
  ]);
  return { u, vt };
}

/** U diag(spectrum) Vᵀ. Borrows the basis. */
export async function testMatrix(
  { u, vt }: Pick<TestMatrix, "u" | "vt">,
  condition: number,
): Promise<TestMatrix> {
  const rank = u.shape[1] ?? 1;
  const [rows, columns] = [u.shape[0] ?? 1, vt.shape[1] ?? 1];
  const spectrum = Float32Array.from({ length: rank }, (_, i) => condition ** (-i / Math.max(1, rank - 1)));
  const make = compile((left: np.Array, s: np.Array, right: np.Array) => np.matmul(left.mul(s), right));
  const x = await make(u.ref, np.array(spectrum).reshape([1, rank]), vt.ref);
  make.dispose();
  const noise = (0.05 * Math.hypot(...spectrum)) / Math.sqrt(rows * columns);
  const perturbed = compile((y: np.Array) => {
    const {
      sigma,
      u: left,
      v,
    } = lanczos(y.add(random.normal(random.key(3), [rows, columns]).mul(noise)), {
      steps: 20,
    });
    sigma.dispose();
    left.dispose();
    return v;
  });
  const near = await perturbed(x.ref);
  perturbed.dispose();
  return { spectrum, u: u.ref, vt: vt.ref, x, near };
}

export function disposeMatrix({ u, vt, x, near }: TestMatrix): void {
  for (const array of [u, vt, x, near]) array.dispose();
}

async function inGraph(fn: () => np.Array): Promise<np.Array> {
  const compiled = compile(fn);
  const result = await compiled();
  compiled.dispose();
  return result;
}
