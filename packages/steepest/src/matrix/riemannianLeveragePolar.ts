import { numpy as np } from "@jax-js/jax";
import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

import { conjugateGradients } from "./conjugateGradients.ts";
import { normalizations, normalize } from "./normalization.ts";
import { type Polar, polarFunction } from "./polar.ts";
import { expectMatrices } from "./shape.ts";

export interface RiemannianLeverageOptions {
  /** How polar factors are found. */
  readonly polar: Polar;
  /** Outer steps. Default 3. */
  readonly iterations?: number;
  /** Conjugate-gradient steps for the multipliers, 2m² FLOPs each; those after convergence to 1e-6 change nothing. Default 20, theirs. */
  readonly solverSteps?: number;
  /** Step along the tangent. Default 0.1. */
  readonly step?: number;
}

/**
 * Ascent of ⟨x, U⟩ over matrices with UᵀU = I and rows of equal length √r, r = n/m, for a tall x [..., m, n]. From
 * U = polar(x), `iterations` times:
 *
 *   B = sym(UᵀG),  q = diag(GUᵀ) − diag(UBUᵀ) centred,  (rI − P∘P)λ = q with P = UUᵀ, λ centred,
 *   Z = G − U(B − UᵀΛU) − ΛU,   Y = U + step·Z,   twice: Y ← rows of Y to length √r, then polar
 *
 * The system is solved by conjugate gradients with the ridge max(max‖Uᵢ‖⁴ − r + 1e-3, 0). G is x at ‖G‖_F = √n, the size of
 * U, so that the result does not depend on the scale of x (our choice; the definition leaves it open). A wide x is
 * treated transposed; a square one gives its polar factor. Zero stays zero. Cost: 1 + 2·iterations polar factors, and
 * 2m²n + 2m²·solverSteps FLOPs an iteration. Consumes x. Can be traced.
 * Throws a RangeError for counts that are not whole, and at least 1 (solverSteps) or 0 (iterations).
 * Source: Dewulf, Pai, Yang, Zhang & Keigwin 2026, arXiv:2606.27715 (Riemannian Aurora).
 */
export function riemannianLeveragePolar(x: np.Array, options: RiemannianLeverageOptions): np.Array {
  const { polar: how, iterations = 3, solverSteps = 20, step = 0.1 } = options;
  const { rows, columns } = expectMatrices("riemannianLeveragePolar", x);
  expectWhole("riemannianLeveragePolar", { iterations }, 0);
  expectWhole("riemannianLeveragePolar", { solverSteps }, 1);
  expectNumbers("riemannianLeveragePolar", { step }, "a number");
  const polar = polarFunction(how);
  if (rows === columns) return polar(x);
  const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
  const turned = rows < columns ? np.matrixTranspose(x) : x;
  const g = normalize(turned, normalizations.invariant).mul(Math.sqrt(n));
  let u = polar(g.ref);
  for (let outer = 0; outer < iterations; outer++) {
    let y = u.ref.add(leverageTangent(g.ref, u, n / m, solverSteps).mul(step));
    for (const _ of [1, 2]) y = polar(equalRows(y, Math.sqrt(n / m)));
    u = y;
  }
  g.dispose();
  return rows < columns ? np.matrixTranspose(u) : u;
}

/**
 * Z, the gradient without what would change UᵀU or the lengths of rows, to first order, where UᵀU = I and rows are equal.
 * Consumes g and u.
 */
export function leverageTangent(g: np.Array, u: np.Array, ratio: number, steps: number): np.Array {
  const transposed = np.matrixTranspose(u.ref);
  const inside = np.matmul(transposed.ref, g.ref);
  const b = inside.ref.add(np.matrixTranspose(inside)).mul(0.5);
  const q = centred(rowSums(g.ref.mul(u.ref)).sub(rowSums(np.matmul(u.ref, b.ref).mul(u.ref))));
  const squares = np.square(np.matmul(u.ref, transposed.ref)); // P∘P; its diagonal is ‖Uᵢ‖⁴
  const largest = np.max(np.square(rowSums(np.square(u.ref))), -2, { keepdims: true });
  const ridge = np.maximum(largest.sub(ratio - 1e-3), 0).add(ratio);
  const lambda = centred(conjugateGradients(squares, ridge, q, steps));
  const correction = b.sub(np.matmul(transposed, lambda.ref.mul(u.ref)));
  return g.sub(np.matmul(u.ref, correction)).sub(lambda.mul(u));
}

const rowSums = (x: np.Array): np.Array => np.sum(x, -1, { keepdims: true });

const centred = (q: np.Array): np.Array => q.ref.sub(np.mean(q, -2, { keepdims: true }));

/** Every row at the given length; zero rows stay. Consumes x. */
function equalRows(x: np.Array, length: number): np.Array {
  const lengths = np.sqrt(rowSums(np.square(x.ref)));
  return x.mul(length).div(np.where(lengths.ref.greater(0), lengths, 1));
}
