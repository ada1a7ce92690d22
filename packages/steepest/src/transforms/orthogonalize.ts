import type { StatelessTransform } from "../core/transform.ts";
import { type GramNewtonSchulzOptions, gramNewtonSchulz } from "../matrix/gramNewtonSchulz.ts";
import { type NewtonSchulzOptions, newtonSchulz } from "../matrix/newtonSchulz.ts";
import { polar } from "../matrix/polar.ts";
import { type MapMatricesOptions, mapMatrices } from "./mapMatrices.ts";

/** How the polar factor is found: exactly by SVD, or by Newton-Schulz, on the small Gram matrix with `gram`. */
export type Orthogonalization =
  | "svd"
  | (NewtonSchulzOptions & { readonly gram?: false })
  | (GramNewtonSchulzOptions & { readonly gram: true });

/**
 * The polar factor U Vᵀ of every update U Σ Vᵀ; weights of one shape go through together (`mapMatrices`).
 * Weights of rank above 2 are seen as [d0, rest]. Throws for a vector.
 */
export function orthogonalize(how: Orthogonalization, options: MapMatricesOptions = {}): StatelessTransform {
  return mapMatrices("orthogonalize", polarFunction(how), options);
}

function polarFunction(how: Orthogonalization): Parameters<typeof mapMatrices>[1] {
  if (how === "svd") return (x) => polar(x);
  if (how.gram === true) {
    const { gram, ...rest } = how;
    return (x) => gramNewtonSchulz(x, rest);
  }
  const { gram, ...rest } = how;
  return (x) => newtonSchulz(x, rest);
}
