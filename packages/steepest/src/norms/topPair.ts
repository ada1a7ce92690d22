import { numpy as np } from "@jax-js/jax";

import { lanczos } from "../matrix/lanczos.ts";
import type { SingularTriple } from "../matrix/powerIteration.ts";
import { truncatedSvd } from "../matrix/truncatedSvd.ts";

export interface TopPairOptions {
  /** How the top singular pair is found: exactly, or by matrix products. Default "svd". */
  readonly topPair?: "svd" | "lanczos";
  /** Steps of Lanczos. Default 10; not for svd. */
  readonly steps?: number;
}

/** The function that finds σ₁, u₁, v₁ of a matrix. It consumes the matrix. Throws for options that do not fit. */
export function topPairFinder(
  name: string,
  { topPair = "svd", steps }: TopPairOptions,
): (x: np.Array) => SingularTriple {
  if (topPair === "lanczos") return (x) => lanczos(x, { steps: steps ?? 10 });
  if (topPair !== "svd")
    throw new Error(`${name}: unknown topPair "${String(topPair)}"; there are svd and lanczos`);
  if (steps !== undefined)
    throw new Error(`${name}: option "steps" belongs to topPair "lanczos"; leave it out`);
  return (x) => {
    const { u, s, vt } = truncatedSvd(x, 1);
    return { sigma: np.squeeze(s, -1), u: np.squeeze(u, -1), v: np.squeeze(vt, -2) };
  };
}

/** uvᵀ, [m, n]. Consumes both. */
export function outer(u: np.Array, v: np.Array): np.Array {
  return np.expandDims(u, -1).mul(np.expandDims(v, -2));
}
