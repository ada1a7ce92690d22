import { numpy as np } from "@jax-js/jax";
import { type Polar, polarFunction } from "../matrix/polar.ts";
import { inner } from "../matrix/reduce.ts";
import { semiOrthogonal } from "../matrix/semiOrthogonal.ts";
import { singularValues, svd } from "../matrix/svd.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";
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

/** What every norm that takes a polar factor can be told of it. */
export interface PolarNormOptions {
  /** How UVᵀ is found. Default "newtonSchulz": five steps of the Keller Jordan coefficients, as Muon and Scion. */
  readonly polar?: Polar;
  /** How dual and sharp find the nuclear norm. Default "svd". Compiled steps want "oracle". */
  readonly dual?: DualMode;
}

export interface SpectralOptions extends PolarNormOptions {
  /** Default "rmsToRms". */
  readonly radius?: SpectralRadius;
  /** The weight is stored [dIn, dOut], an embedding [vocab, width]. Only the radius sees it. Default false. */
  readonly transpose?: boolean;
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
 * `polar` decides how UVᵀ is found and thereby cost and error (see the type `Polar`). With an inexact way lmo has singular values c·p(σ), not c, and −⟨g, lmo(g)⟩ is the dual norm only up to the
 * range of p. value, and dual unless `dual: "oracle"`, take an SVD: 11 s for a 512-square matrix on jax-js wasm.
 * init: semi-orthogonal. The default is Scion's, but without the 1e-7 that its code adds to ‖G‖_F; for that give
 * `polar: { normalization: "keller" }`.
 *
 * Source: Pethick et al. 2025, arXiv:2502.07529; Jordan et al. 2024; Carlson et al. 2015.
 */
export function spectral({
  radius = "rmsToRms",
  transpose = false,
  polar = "newtonSchulz",
  dual: dualMode = "svd",
  scale = 1,
}: SpectralOptions = {}): Norm {
  const name = typeof radius === "function" ? "spectral" : names[radius];
  const factor = polarFunction(polar);
  const exact = polar === "svd" || (typeof polar === "object" && polar.method === "svd");
  const radiusOf = typeof radius === "function" ? radius : radii[radius];
  const c = (method: string, x: { readonly shape: readonly number[] }): number => {
    const [m, n] = expectMatrix(`${name}.${method}`, x);
    return transpose ? radiusOf(n, m) : radiusOf(m, n);
  };
  const lmo = (g: np.Array, ball: number): np.Array => factor(g).mul(-ball);
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
      // A function of one's own may know matrices only.
      ...(typeof polar !== "function" && {
        lmoStack: (stack: np.Array) => lmo(stack, c("lmoStack", { shape: stack.shape.slice(1) })),
      }),
      sharp(g) {
        const ball = c("sharp", g);
        if (dualMode === "oracle") {
          const direction = lmo(g.ref, ball);
          return direction.ref.mul(inner(g, direction));
        }
        if (!exact) return np.sum(singularValues(g.ref)).mul(lmo(g, ball * -ball));
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

const polarNormOptions = ["polar", "dual"] as const;
type Named = Omit<SpectralOptions, "radius">;

export const operatorEntry = normEntry({
  name: "operator",
  options: polarNormOptions,
  vectors: "euclidean",
  row: {
    value: "σ₁",
    dual: "Σσᵢ",
    lmo: "−UVᵀ",
    sharp: "(Σσᵢ)·UVᵀ",
    init: "semi-orthogonal",
    cost: "polar",
  },
  create: (options: Omit<Named, "transpose"> = {}) => spectral({ ...options, radius: "operator" }),
});

export const spectralEntry = normEntry({
  name: "spectral",
  options: ["transpose", ...polarNormOptions],
  vectors: "bias_rms",
  row: {
    value: "√(dIn/dOut)·σ₁ (RMS→RMS)",
    dual: "√(dOut/dIn)·Σσᵢ",
    lmo: "−√(dOut/dIn)·UVᵀ",
    sharp: "dOut/dIn·(Σσᵢ)·UVᵀ",
    init: "semi-orthogonal, scaled",
    cost: "polar",
  },
  create: (options: Named = {}) => spectral({ ...options, radius: "rmsToRms" }),
});

export const spectralMaxEntry = normEntry({
  name: "spectral_max",
  options: ["transpose", ...polarNormOptions],
  vectors: "bias_rms",
  row: {
    value: "σ₁/max(1, √(dOut/dIn))",
    dual: "max(1, √(dOut/dIn))·Σσᵢ",
    lmo: "−max(1, √(dOut/dIn))·UVᵀ",
    sharp: "max(1, dOut/dIn)·(Σσᵢ)·UVᵀ",
    init: "semi-orthogonal, scaled",
    cost: "polar",
  },
  create: (options: Named = {}) => spectral({ ...options, radius: "rmsToRmsAtLeast1" }),
});

export const spectral2RmsEntry = normEntry({
  name: "spectral_2rms",
  options: ["transpose", ...polarNormOptions],
  vectors: "bias_rms",
  row: {
    value: "σ₁/√dOut (ℓ2→RMS)",
    dual: "√dOut·Σσᵢ",
    lmo: "−√dOut·UVᵀ",
    sharp: "dOut·(Σσᵢ)·UVᵀ",
    init: "semi-orthogonal, scaled",
    cost: "polar",
  },
  create: (options: Named = {}) => spectral({ ...options, radius: "oneHotToRms" }),
});
