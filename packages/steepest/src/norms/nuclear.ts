import { numpy as np, random } from "@jax-js/jax";
import { unit } from "../matrix/reduce.ts";
import { singularValues } from "../matrix/svd.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";
import { expectMatrix } from "./shape.ts";
import { outer, type TopPairOptions, topPairFinder } from "./topPair.ts";

export interface NuclearOptions extends TopPairOptions {
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The sum of singular values, Schatten-1. Matrices.
 *
 *   value(A) = Σσᵢ(A)       dual(G) = σ₁(G)       lmo(G) = −u₁v₁ᵀ       sharp(G) = σ₁u₁v₁ᵀ
 *
 * Its conditional gradient is Neon, of rank one. With σ₁ = σ₂ any unit combination of the pairs. By Lanczos dual is a
 * lower bound and lmo attains it; the optimizer `neon` starts from the last step's pair and needs fewer products.
 * init: one random pair of unit vectors. Cost: an SVD, or 4mn·steps FLOPs; value always takes an SVD.
 * Source: The Nuclear Norm and Beyond (draft); Pethick et al. 2025, arXiv:2502.07529.
 */
export function nuclear({ scale = 1, ...options }: NuclearOptions = {}): Norm {
  const find = topPairFinder("nuclear", options);
  const pair = (g: np.Array): { sigma: np.Array; step: np.Array } => {
    const { sigma, u, v } = find(g);
    return { sigma, step: outer(u, v) };
  };
  return defineNorm(
    {
      name: "nuclear",
      value(a) {
        expectMatrix("nuclear.value", a);
        return np.sum(singularValues(a));
      },
      dual(g) {
        expectMatrix("nuclear.dual", g);
        const { sigma, u, v } = find(g);
        u.dispose();
        v.dispose();
        return sigma;
      },
      lmo(g) {
        expectMatrix("nuclear.lmo", g);
        const { sigma, step } = pair(g);
        sigma.dispose();
        return step.mul(-1);
      },
      lmoStack(stack) {
        expectMatrix("nuclear.lmoStack", { shape: stack.shape.slice(1) });
        const { sigma, step } = pair(stack);
        sigma.dispose();
        return step.mul(-1);
      },
      sharp(g) {
        expectMatrix("nuclear.sharp", g);
        const { sigma, step } = pair(g);
        return step.mul(sigma);
      },
      init(key, shape) {
        const [m, n] = expectMatrix("nuclear.init", { shape });
        const gaussian = random.normal(key, [m + n]);
        return outer(unit(gaussian.ref.slice([0, m]), 1, 0), unit(gaussian.slice([m, m + n]), 1, 0));
      },
    },
    scale,
  );
}

export const nuclearEntry = normEntry({
  name: "nuclear",
  options: ["topPair", "steps"],
  vectors: "euclidean",
  row: {
    value: "Σσᵢ",
    dual: "σ₁",
    lmo: "−u₁v₁ᵀ",
    sharp: "σ₁·u₁v₁ᵀ",
    init: "one random pair",
    cost: "SVD, or 4mn·steps by Lanczos",
  },
  create: nuclear,
});
