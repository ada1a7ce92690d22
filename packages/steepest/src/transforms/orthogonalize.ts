import type { StatelessTransform } from "../core/transform.ts";
import { type Polar, polarFunction } from "../matrix/polar.ts";
import { type MapMatricesOptions, mapMatrices } from "./mapMatrices.ts";

/**
 * The polar factor U Vᵀ of every update U Σ Vᵀ, found as `how` says; weights of one shape go through together
 * (`mapMatrices`). Weights of rank above 2 are seen as [d0, rest]. Throws for a vector, and as `polarFunction`.
 */
export function orthogonalize(how: Polar, options: MapMatricesOptions = {}): StatelessTransform {
  return mapMatrices("orthogonalize", polarFunction(how), options);
}
