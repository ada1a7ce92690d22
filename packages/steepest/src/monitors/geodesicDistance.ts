import { numpy as np } from "@jax-js/jax";
import { stiefel } from "../manifolds/stiefel.ts";
import { lengthsAlong, unit, unitAlong } from "../matrix/reduce.ts";
import { expectMatrix } from "../norms/shape.ts";
import { symmetricEigenvalues } from "./symmetricEigenvalues.ts";

/** Below it a length counts as 0, so that nothing is divided by it. */
const TINY = 1e-30;

/**
 * The angle between two arrays of one shape in [0, π], a scalar: their distance on the sphere, once both are at unit length;
 * of a weight before and after a step it is the angular update. As 2 arctan(‖â − b̂‖/‖â + b̂‖), which keeps its digits for
 * small angles (Kahan). With an array of zeros it is π/2. Consumes both. Can be traced. Cost: some 8mn operations.
 */
export function sphereDistance(a: np.Array, b: np.Array): np.Array {
  const [x, y] = [unit(a.reshape([-1]), 1, 0), unit(b.reshape([-1]), 1, 0)];
  return anglesAlong(x, y, 0).reshape([]);
}

/**
 * The distance of two matrices on the oblique manifold, √Σⱼ θⱼ² with θⱼ the angle between their columns j (or rows), a
 * scalar: the length of the geodesic between them once each column is at unit length. Consumes both. Can be traced. Cost:
 * some 8mn operations. Source: Absil, Mahony & Sepulchre 2008.
 */
export function obliqueDistance(a: np.Array, b: np.Array, vectors: "columns" | "rows" = "columns"): np.Array {
  expectMatrix("obliqueDistance", a);
  const axis = vectors === "columns" ? 0 : 1;
  const angles = anglesAlong(unitAlong(a, axis, 1, 0), unitAlong(b, axis, 1, 0), axis);
  return np.sqrt(np.sum(np.square(angles)));
}

/**
 * (UᵀV + VᵀU)/2 [k, k] of the polar factors U, V of two matrices [m, n], k = min(m, n); of wide ones U Vᵀ. What
 * `stiefelDistance` takes. The factors are found by 10 steps of Polar Express. Consumes both. Can be traced. Cost: about
 * 80mnk FLOPs.
 */
export function stiefelOverlap(a: np.Array, b: np.Array): np.Array {
  const [rows, cols] = expectMatrix("stiefelOverlap", a);
  const { nearest } = stiefel();
  const [u, v] = [nearest(a), nearest(b)];
  const overlap = rows >= cols ? np.matmul(np.matrixTranspose(u), v) : np.matmul(u, np.matrixTranspose(v));
  return overlap.ref.add(np.matrixTranspose(overlap)).mul(0.5);
}

/**
 * The distance on the Stiefel manifold from the entries of a `stiefelOverlap`, √Σ arccos²(λᵢ) over its eigenvalues: the length
 * ‖log(UᵀV)‖_F of the geodesic between square factors, and between others where UᵀV is symmetric (the distance of the spaces they
 * span); elsewhere a lower bound of the distance in the embedded metric, which has no closed form. Cost: O(k³), outside the graph.
 * Source: Edelman, Arias & Smith 1998, for the cases that are exact.
 */
export function stiefelDistance(overlap: ArrayLike<number>): number {
  const angles = symmetricEigenvalues(overlap).map((cosine) => Math.acos(Math.max(-1, Math.min(1, cosine))));
  return Math.hypot(...angles);
}

/** The angles between unit vectors along an axis, that axis kept. Consumes both. */
function anglesAlong(a: np.Array, b: np.Array, axis: number): np.Array {
  const apart = lengthsAlong(a.ref.sub(b.ref), axis);
  const together = lengthsAlong(a.add(b), axis);
  return np.arctan(apart.div(np.maximum(together, TINY))).mul(2);
}
