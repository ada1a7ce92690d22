import { numpy as np } from "@jax-js/jax";
import type { NormRule } from "../../define/recipes/normChoice.ts";
import { lanczos } from "../../matrix/lanczos.ts";
import { length } from "../../matrix/reduce.ts";
import { createNorm, type NormName, normOptions } from "../../norms/named.ts";
import type { Norm } from "../../norms/norm.ts";

/** Those whose value is σ₁ over a radius; `auto` is one of them for weights of rank above 1. */
const spectralNames = [
  "operator",
  "spectral",
  "spectral_max",
  "spectral_2rms",
  "spectral_conv",
  "auto",
] as const satisfies readonly NormName[];

/**
 * The norm of a rule with σ₁ in `value` from below by 10 Lanczos steps, 40mn FLOPs, instead of an SVD, where
 * it is a spectral one. Others as they are.
 */
export function lanczosValue({
  norm,
  normName,
  transpose,
  flat,
}: Pick<NormRule, "norm" | "normName" | "transpose" | "flat">): Norm {
  const known = spectralNames.find((spectral) => spectral === normName);
  if (known === undefined) return norm;
  // uvᵀ/|uvᵀ| is the polar factor of uvᵀ, so that its dual norm by this oracle is the radius of the ball exactly.
  const options = { polar: (g: np.Array) => g.ref.div(length(g)), dual: "oracle", transpose } as const;
  const taken = normOptions(known);
  const ball = createNorm(
    known,
    Object.fromEntries(Object.entries(options).filter(([key]) => taken.some((k) => k === key))),
  );
  return {
    ...norm,
    value(a) {
      const { shape } = a;
      const [rows] = shape;
      if (shape.length < 2 || rows === undefined) return norm.value(a);
      const { sigma, u, v } = lanczos(a.reshape([rows, -1]));
      const found = sigma.ref.greater(0);
      const pair = np.expandDims(u, -1).mul(np.expandDims(v, -2));
      const radius = ball.dual(np.where(found.ref, flat ? pair : pair.reshape(shape), 1));
      return np.where(found, sigma.div(radius), 0);
    },
  };
}
