import { numpy as np } from "@jax-js/jax";
import { semiOrthogonal } from "../matrix/semiOrthogonal.ts";
import { singularValues, svd } from "../matrix/svd.ts";
import { defineNorm } from "./defineNorm.ts";
import type { Norm } from "./norm.ts";
import { type OracleOptions, polarOracle } from "./oracle.ts";
import { inner } from "./reduce.ts";
import { expectMatrix } from "./shape.ts";

/** The radius, in singular values, of the unit ball for a weight [dOut, dIn]. */
export type SpectralRadius =
  | "rmsToRms"
  | "rmsToRmsAtLeast1"
  | "oneHotToRms"
  | "operator"
  | ((dOut: number, dIn: number) => number);

const radii = {
  rmsToRms: (dOut, dIn) => Math.sqrt(dOut / dIn),
  rmsToRmsAtLeast1: (dOut, dIn) => Math.max(1, Math.sqrt(dOut / dIn)),
  oneHotToRms: (dOut) => Math.sqrt(dOut),
  operator: () => 1,
} satisfies Record<string, (dOut: number, dIn: number) => number>;

const names = {
  rmsToRms: "spectral",
  rmsToRmsAtLeast1: "spectral_max",
  oneHotToRms: "spectral_2rms",
  operator: "operator",
};

/** Exact dual by singular values, or the estimate −⟨g, lmo(g)⟩ that costs one inner product. */
export type DualMode = "svd" | "oracle";

export interface SpectralOptions extends OracleOptions {
  /** Default "rmsToRms". */
  readonly radius?: SpectralRadius;
  /** The weight is stored [dIn, dOut], an embedding [vocab, width]. Only the radius sees it. Default false. */
  readonly transpose?: boolean;
  /** How dual and sharp find the nuclear norm. Default "svd". Compiled steps want "oracle". */
  readonly dual?: DualMode;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The largest singular value of A [dOut, dIn], over a radius c that depends on the shape.
 *
 *   value(A) = σ₁(A) / c       dual(G) = c · Σσᵢ(G)       lmo(G) = −c · UVᵀ, G = UΣVᵀ
 *
 *   radius "rmsToRms"          c = √(dOut/dIn), the operator norm RMS→RMS: hidden layers (Scion's `spectral`)
 *   radius "rmsToRmsAtLeast1"  c = max(1, √(dOut/dIn)): image input layers (`spectral_max`)
 *   radius "oneHotToRms"       c = √dOut, ℓ2→RMS: one-hot input (`spectral_2rms`)
 *   radius "operator"          c = 1, the plain spectral norm: Muon without scale
 *
 * The oracle decides how UVᵀ is found and thereby cost and error (see `newtonSchulz`, `polarExpress`, `polar`).
 * With an inexact one lmo has singular values c·p(σ), not c, and −⟨g, lmo(g)⟩ is the dual norm only up to the
 * range of p. value, and dual unless `dual: "oracle"`, take an SVD: 11 s for a 512-square matrix on jax-js wasm.
 * init: semi-orthogonal. Default oracle, Scion's: 5 Newton-Schulz steps; there without eps, its code adds 1e-7 to ‖G‖_F
 * (give `normalization: "keller"` for that).
 *
 * Source: Pethick et al. 2025, arXiv:2502.07529; Jordan et al. 2024; Carlson et al. 2015.
 */
export function spectral({
  radius = "rmsToRms",
  transpose = false,
  dual: dualMode = "svd",
  scale = 1,
  ...oracleOptions
}: SpectralOptions = {}): Norm {
  const name = typeof radius === "function" ? "spectral" : names[radius];
  const polar = polarOracle(name, oracleOptions);
  const radiusOf = typeof radius === "function" ? radius : radii[radius];
  const c = (method: string, x: { readonly shape: readonly number[] }): number => {
    const [m, n] = expectMatrix(`${name}.${method}`, x);
    return transpose ? radiusOf(n, m) : radiusOf(m, n);
  };
  const lmo = (g: np.Array, ball: number): np.Array => polar(g).mul(-ball);
  return defineNorm(
    {
      name,
      value(a) {
        const ball = c("value", a);
        return np.max(singularValues(a)).div(ball);
      },
      dual(g) {
        const ball = c("dual", g);
        if (dualMode === "oracle") return inner(g.ref, lmo(g, ball)).mul(-1);
        return np.sum(singularValues(g)).mul(ball);
      },
      lmo: (g) => lmo(g, c("lmo", g)),
      sharp(g) {
        const ball = c("sharp", g);
        if (dualMode === "oracle") {
          const direction = lmo(g.ref, ball);
          return direction.ref.mul(inner(g, direction));
        }
        if (oracleOptions.oracle !== "svd") return np.sum(singularValues(g.ref)).mul(lmo(g, ball * -ball));
        const { u, s, vt } = svd(g);
        return np.matmul(u, vt).mul(np.sum(s).mul(ball * ball));
      },
      init(key, shape) {
        const ball = c("init", { shape });
        return semiOrthogonal(key, shape).mul(ball);
      },
    },
    scale,
  );
}
