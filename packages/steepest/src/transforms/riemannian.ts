import type { StatelessTransform } from "../core/transform.ts";
import type { Manifold } from "../manifolds/manifold.ts";
import { onMatrices } from "./onMatrices.ts";

/** The part of every update that is tangent at N(W). The weight stays what it is. */
export function tangentAt(manifold: Manifold): StatelessTransform {
  return onMatrices((u, w) => manifold.tangent(manifold.nearest(w), u));
}

/**
 * The manifold-normalised step: the tangent part of the update, itself put on the manifold, N(proj_N(W)(u)). The weight stays
 * free, the manifold shapes the step only. Source: Gu & Xie 2026, arXiv:2601.23000, equation 3.
 */
export function manifoldStep(manifold: Manifold): StatelessTransform {
  return onMatrices((u, w) => manifold.nearest(manifold.tangent(manifold.nearest(w), u)));
}

/**
 * The last stage of a Riemannian method, behind the learning rate: what brings W to where the update leads from N(W) along
 * the manifold, by retraction or along the geodesic. Puts a weight that is not on the manifold there.
 */
export function moveOn(
  manifold: Manifold,
  how: "retraction" | "exponential" = "retraction",
): StatelessTransform {
  const { exponential } = manifold;
  if (how === "exponential" && exponential === undefined)
    throw new Error(`moveOn: the exponential map of "${manifold.name}" is not built; use its retraction`);
  const step = how === "exponential" && exponential !== undefined ? exponential : manifold.retract;
  return onMatrices((u, w) => step(manifold.nearest(w.ref), u).sub(w));
}

/** Behind the learning rate: what brings W to N(W + Δ), a projection of the free step. */
export function projectOn(manifold: Manifold): StatelessTransform {
  return onMatrices((u, w) => manifold.nearest(w.ref.add(u)).sub(w));
}
