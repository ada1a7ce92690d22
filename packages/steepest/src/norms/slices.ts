import { numpy as np, random } from "@jax-js/jax";
import { lengthsAlong, sumAll, unitAlong } from "../matrix/reduce.ts";
import { defineNorm, expectEps } from "./defineNorm.ts";
import type { Norm } from "./norm.ts";
import { expectMatrix } from "./shape.ts";

/** What `columns` and `rows` have in common. */
export interface SliceOptions {
  /** The weight is stored [dIn, dOut], an embedding [vocab, width]: its columns are the stored rows. Default false. */
  readonly transpose?: boolean;
  /** Added to each slice's measure, or its length, in lmo. Default 1e-8. With 0 slices of any size count fully. */
  readonly eps?: number;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/** How a slice is measured: ‖slice‖ = perLength · after · |slice|₂; eps is added before `after`. */
export interface SliceMeasure {
  readonly perLength: number;
  readonly after?: number;
}

/**
 * The largest column, or row, of A [dOut, dIn] in a measure:
 *
 *   value = max ‖slice‖      dual = Σ |Gₖ|₂ / (perLength · after)      lmo: Gₖ ↦ −Gₖ / (perLength·|Gₖ|₂ + eps) / after
 *
 * Zero slices stay zero. init: Gaussian slices, each on the sphere. Cost: two passes.
 * Throws a RangeError for an eps below 0; its methods throw for what is no matrix.
 */
export function sliceNorm(
  name: string,
  slice: "column" | "row",
  measure: (dOut: number, dIn: number) => SliceMeasure,
  { transpose = false, eps = 1e-8, scale = 1 }: SliceOptions,
): Norm {
  expectEps(name, eps);
  const axis = (slice === "column") === transpose ? 1 : 0; // along a slice
  const measured = (method: string, x: { readonly shape: readonly number[] }): Required<SliceMeasure> => {
    const [m, n] = expectMatrix(`${name}.${method}`, x);
    return { after: 1, ...(transpose ? measure(n, m) : measure(m, n)) };
  };
  const onSphere = (x: np.Array, method: string, guard: number): np.Array => {
    const { perLength, after } = measured(method, x);
    const unit = unitAlong(x, axis, perLength, guard);
    return after === 1 ? unit : unit.div(after);
  };
  return defineNorm(
    {
      name,
      value(a) {
        const { perLength, after } = measured("value", a);
        return np.max(lengthsAlong(a, axis)).mul(perLength * after);
      },
      dual(g) {
        const { perLength, after } = measured("dual", g);
        return sumAll(lengthsAlong(g, axis)).div(perLength * after);
      },
      lmo: (g) => onSphere(g, "lmo", eps).mul(-1),
      init(key, shape) {
        measured("init", { shape });
        return onSphere(random.normal(key, [...shape]), "init", 0);
      },
    },
    scale,
  );
}
