import { numpy as np, random } from "@jax-js/jax";
import { defineNorm, expectEps } from "./defineNorm.ts";
import type { Norm } from "./norm.ts";
import { lengthsAlong, sumAll, unitAlong } from "./reduce.ts";
import { expectMatrix } from "./shape.ts";

/** What a column is measured by: RMS, RMS · dIn, or plain length. */
export type ColumnMeasure = "rms" | "rmsPerInput" | "length";

export interface ColumnsOptions {
  /** Default "rms", Scion's `colnorm`; "rmsPerInput" is `colnorm_normalized`. */
  readonly measure?: ColumnMeasure;
  /** The weight is stored [dIn, dOut], an embedding [vocab, width]: columns are the stored rows. Default false. */
  readonly transpose?: boolean;
  /** Added to each column's RMS (or length) in lmo. Default 1e-8. With 0 columns of any size count fully. */
  readonly eps?: number;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * The largest column of A [dOut, dIn]: the operator norm ℓ1→RMS, for layers fed one input at a time.
 *
 *   measure "rms"          value = maxⱼ ‖Aⱼ‖₂/√dOut      dual = √dOut · Σⱼ‖Gⱼ‖₂      lmo: Gⱼ ↦ −Gⱼ / (rms(Gⱼ) + eps)
 *   measure "rmsPerInput"  value · dIn                   dual / dIn                  lmo / dIn
 *   measure "length"       value = maxⱼ ‖Aⱼ‖₂            dual = Σⱼ‖Gⱼ‖₂              lmo: Gⱼ ↦ −Gⱼ / (‖Gⱼ‖₂ + eps)
 *
 * Zero columns stay zero. A column far below eps, a token that has not occurred for long, fades to a zero step.
 * init: Gaussian columns, each on the sphere. Cost: two passes.
 * Source: Pethick et al. 2025, arXiv:2502.07529 ("ColNorm"); eps as in LIONS-EPFL/scion.
 */
export function columns({
  measure = "rms",
  transpose = false,
  eps = 1e-8,
  scale = 1,
}: ColumnsOptions = {}): Norm {
  const name = measure === "rms" ? "colnorm" : measure === "length" ? "columns" : "colnorm_normalized";
  expectEps(name, eps);
  const axis = transpose ? 1 : 0; // along a column
  const sides = (method: string, x: { readonly shape: readonly number[] }): { dOut: number; dIn: number } => {
    const [m, n] = expectMatrix(`${name}.${method}`, x);
    return transpose ? { dOut: n, dIn: m } : { dOut: m, dIn: n };
  };
  /** ‖column‖ = length · perLength · after. */
  const factors = ({ dOut, dIn }: { dOut: number; dIn: number }): { perLength: number; after: number } => ({
    perLength: measure === "length" ? 1 : 1 / Math.sqrt(dOut),
    after: measure === "rmsPerInput" ? dIn : 1,
  });
  const onSphere = (x: np.Array, method: string, guard: number): np.Array => {
    const { perLength, after } = factors(sides(method, x));
    return unitAlong(x, axis, perLength, guard).div(after);
  };
  return defineNorm(
    {
      name,
      value(a) {
        const { perLength, after } = factors(sides("value", a));
        return np.max(lengthsAlong(a, axis)).mul(perLength * after);
      },
      dual(g) {
        const { perLength, after } = factors(sides("dual", g));
        return sumAll(lengthsAlong(g, axis)).div(perLength * after);
      },
      lmo: (g) => onSphere(g, "lmo", eps).mul(-1),
      init(key, shape) {
        sides("init", { shape });
        return onSphere(random.normal(key, [...shape]), "init", 0);
      },
    },
    scale,
  );
}
