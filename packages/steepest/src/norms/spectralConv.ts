import type { numpy as np } from "@jax-js/jax";
import { semiOrthogonal } from "../matrix/semiOrthogonal.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";
import { expectConv } from "./shape.ts";
import { type PolarNormOptions, spectral } from "./spectral.ts";

/** Each kernel position semi-orthogonal (Scion's), or the flattened matrix, which lies on the sphere. */
export type ConvInit = "slices" | "sphere";

export interface SpectralConvOptions extends PolarNormOptions {
  /** Default "slices". */
  readonly start?: ConvInit;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The spectral norm of a convolution [dOut, dIn, kh, kw] or [dOut, dIn, k], through its matrix mat(A) of shape
 * [dOut, dIn·kh·kw]; K = kh·kw (or k) kernel positions.
 *
 *   value(A) = K·√(dIn/dOut) · σ₁(mat A)      dual(G) = √(dOut/dIn)/K · Σσᵢ(mat G)      lmo(G) = −√(dOut/dIn)/K · UVᵀ
 *
 * With start "slices" each A[:, :, i, j] is semi-orthogonal times √(dOut/dIn)/K, as Scion initialises; that is up to √K
 * outside the ball (by √K exactly when dOut ≤ dIn). "sphere" starts on it. Options, cost: as `spectral`.
 * Source: Pethick et al. 2025, arXiv:2502.07529, with K = k² for square kernels; kh·kw otherwise is our reading.
 */
export function spectralConv({
  start = "slices",
  scale = 1,
  ...spectralOptions
}: SpectralConvOptions = {}): Norm {
  const name = "spectral_conv";
  const sides = (method: string, x: { readonly shape: readonly number[] }): ConvSides => {
    const { dOut, dIn, kernel } = expectConv(`${name}.${method}`, x);
    const positions = kernel.reduce((product, extent) => product * extent, 1);
    return { dOut, dIn, positions, ball: Math.sqrt(dOut / dIn) / positions };
  };
  const matrixNorm = spectral({ ...spectralOptions, radius: "operator" });
  const { lmoStack } = matrixNorm;
  const flat = (x: np.Array, { dOut }: ConvSides): np.Array => x.reshape([dOut, -1]);
  return defineNorm(
    {
      name,
      value(a) {
        const conv = sides("value", a);
        return matrixNorm.value(flat(a, conv)).div(conv.ball);
      },
      dual(g) {
        const conv = sides("dual", g);
        return matrixNorm.dual(flat(g, conv)).mul(conv.ball);
      },
      lmo(g) {
        const conv = sides("lmo", g);
        const { shape } = g;
        return matrixNorm.lmo(flat(g, conv)).mul(conv.ball).reshape(shape);
      },
      ...(lmoStack && {
        lmoStack(stack: np.Array): np.Array {
          const { shape } = stack;
          const conv = sides("lmoStack", { shape: shape.slice(1) });
          return lmoStack(stack.reshape([shape[0] ?? 1, conv.dOut, -1]))
            .mul(conv.ball)
            .reshape(shape);
        },
      }),
      sharp(g) {
        const conv = sides("sharp", g);
        const { shape } = g;
        return matrixNorm
          .sharp(flat(g, conv))
          .mul(conv.ball ** 2)
          .reshape(shape);
      },
      init(key, shape) {
        const { dOut, dIn, positions, ball } = sides("init", { shape });
        if (start === "sphere")
          return semiOrthogonal(key, [dOut, dIn * positions])
            .mul(ball)
            .reshape([...shape]);
        const slices = semiOrthogonal(key, [positions, dOut, dIn]).mul(ball);
        return slices.transpose([1, 2, 0]).reshape([...shape]);
      },
    },
    scale,
  );
}

interface ConvSides {
  readonly dOut: number;
  readonly dIn: number;
  readonly positions: number;
  readonly ball: number;
}

export const spectralConvEntry = normEntry({
  name: "spectral_conv",
  options: ["start", "polar", "dual"],
  vectors: "bias_rms",
  matrices: "spectral", // which it is for a kernel of 1 × 1
  row: {
    value: "K√(dIn/dOut)·σ₁(mat A), K kernel positions",
    dual: "√(dOut/dIn)/K·Σσᵢ",
    lmo: "−√(dOut/dIn)/K·UVᵀ of mat G",
    sharp: "dOut/(dIn·K²)·(Σσᵢ)·UVᵀ of mat G",
    init: 'each position semi-orthogonal, up to √K outside; `start: "sphere"` on it',
    cost: "polar",
  },
  create: spectralConv,
});
