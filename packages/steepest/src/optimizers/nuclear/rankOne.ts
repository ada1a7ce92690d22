import { numpy as np } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Transform } from "../../core/transform.ts";
import { lanczos } from "../../matrix/lanczos.ts";
import { powerIteration, type SingularTriple } from "../../matrix/powerIteration.ts";
import { startVector } from "../../matrix/startVector.ts";
import { truncatedSvd } from "../../matrix/truncatedSvd.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";
import { mapUpdates } from "../../transforms/scale.ts";

/** How the top singular pair is found: warm-started power iteration, Lanczos, or exactly. */
export type TopPair = "power" | "lanczos" | "svd";

export interface RankOneOptions {
  /** Default "power". */
  readonly method?: TopPair;
  /**
   * Products with the matrix and with its transpose, each. Default 2 for power, 10 for Lanczos. Not for svd.
   */
  readonly steps?: number;
}

/**
 * u₁v₁ᵀ of every update: −lmo of the nuclear norm. Weights of rank above 2 are seen as [d0, rest]. Zero stays
 * zero.
 *
 * "power" keeps v as state, n floats a weight, so that few steps follow a slowly moving average: started
 * cold, one power step is 50 % off on a spectrum i^(−1/2), after a 5 % change of the matrix 5e-7. "lanczos"
 * and "svd" start anew each time and keep nothing. Where σ₁ = σ₂, any unit combination.
 */
export function rankOne({ method = "power", steps }: RankOneOptions = {}): Transform {
  if (method === "power") return warmRankOne(steps ?? 2);
  const find = method === "svd" ? leadingPair : (x: np.Array) => lanczos(x, { steps: steps ?? 10 });
  return mapUpdates((u) => {
    const { shape } = u;
    return outer(find(u.reshape(matrixSides(shape)))).reshape(shape);
  });
}

function warmRankOne(steps: number): Transform<PerParameterState<{ right: np.Array }>> {
  return perParameter({
    name: "rankOne",
    init(weight) {
      const { shape, dtype } = weight;
      weight.dispose();
      return { right: startVector(matrixSides(shape)[1], dtype) };
    },
    update(gradient, { right: start }, weight) {
      const { shape, dtype } = gradient;
      const sides = matrixSides(shape);
      weight.dispose();
      const triple = powerIteration(gradient.reshape(sides), { steps, start });
      // Lost where the matrix was zero, or orthogonal to it: start over.
      const found = triple.sigma.ref.greater(0);
      const right = np.where(found, triple.v.ref, startVector(sides[1], dtype));
      return [outer(triple).reshape(shape), { right }];
    },
    estimate: (_state, gradient) => gradient.ref,
  });
}

/** uvᵀ, [m, n]. Consumes the triple. */
function outer({ sigma, u, v }: SingularTriple): np.Array {
  sigma.dispose();
  return np.expandDims(u, -1).mul(np.expandDims(v, -2));
}

function leadingPair(x: np.Array): SingularTriple {
  const { u, s, vt } = truncatedSvd(x, 1);
  return { sigma: np.squeeze(s, -1), u: np.squeeze(u, -1), v: np.squeeze(vt, -2) };
}
