import { numpy as np, random } from "@jax-js/jax";

import { singularValues } from "../matrix/svd.ts";
import { truncatedSvd } from "../matrix/truncatedSvd.ts";
import { defineNorm } from "./defineNorm.ts";
import { integerParameter, normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";
import { expectMatrix } from "./shape.ts";

export interface KyFanOptions {
  /** How many singular pairs a step has, whole, ≥ 1; at most min(m, n) count. */
  readonly k: number;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The norm whose dual is Ky Fan's: the sum of the k largest singular values. Matrices.
 *
 *   value(A) = max(σ₁(A), Σσᵢ(A)/k)       dual(G) = σ₁ + … + σₖ       lmo(G) = −UₖVₖᵀ
 *
 * k = 1 is `nuclear` (Neon), k = min(m, n) `operator` (Muon). init: k random orthonormal pairs. Cost: an SVD.
 * Source: NuMuon, arXiv:2603.03597.
 */
export function kyFanDual({ k, scale = 1 }: KyFanOptions): Norm {
  if (!(Number.isSafeInteger(k) && k >= 1))
    throw new RangeError(`kyfan_dual_k: k must be a whole number ≥ 1, got ${k}`);
  const name = "kyfan_dual_k";
  const leading = (g: np.Array, method: string): ReturnType<typeof truncatedSvd> => {
    const sides = expectMatrix(`${name}.${method}`, g);
    return truncatedSvd(g, Math.min(k, ...sides));
  };
  const step = (g: np.Array, method: string): np.Array => {
    const { u, s, vt } = leading(g, method);
    s.dispose();
    return np.matmul(u, vt);
  };
  return defineNorm(
    {
      name,
      value(a) {
        const sides = expectMatrix(`${name}.value`, a);
        const s = singularValues(a);
        return np.maximum(np.max(s.ref), np.sum(s).div(Math.min(k, ...sides)));
      },
      dual(g) {
        const { u, s, vt } = leading(g, "dual");
        u.dispose();
        vt.dispose();
        return np.sum(s);
      },
      lmo: (g) => step(g, "lmo").mul(-1),
      init: (key, shape) => step(random.normal(key, [...shape]), "init"),
    },
    scale,
  );
}

export const kyFanEntry = normEntry({
  name: "kyfan_dual_k",
  parameters: {
    k: integerParameter("whole, ≥ 1", "kyfan_dual_k: singular pairs of a step; own is 4", (x) => x >= 1),
  },
  vectors: "euclidean",
  row: {
    value: "max(σ₁, Σσᵢ/k)",
    dual: "σ₁ + … + σₖ",
    lmo: "−UₖVₖᵀ",
    sharp: "(σ₁ + … + σₖ)·UₖVₖᵀ",
    init: "k random pairs",
    cost: "SVD",
  },
  create: ({ k = 4, ...options }: Partial<KyFanOptions> = {}) => kyFanDual({ ...options, k }),
});
