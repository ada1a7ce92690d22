import { numpy as np } from "@jax-js/jax";

import { didYouMean } from "../core/nearestName.ts";
import { expectRestarts, type GramNewtonSchulzOptions, gramNewtonSchulz } from "./gramNewtonSchulz.ts";
import { expectLakicSteps, type LakicOptions, lakic } from "./lakic.ts";
import { expectForm, type NewtonSchulzOptions, newtonSchulz, resolveNewtonSchulz } from "./newtonSchulz.ts";
import { type PolarExpressRunOptions, polarExpress } from "./polarExpress.ts";
import { type SvdOptions, svd } from "./svd.ts";

/** The ways of finding the polar factor that have a name. */
export const polarNames = ["newtonSchulz", "gram", "polarExpress", "lakic", "svd"] as const;

export type PolarName = (typeof polarNames)[number];

/** What each of them can be told; the lists keep misspelt names from being ignored. */
const optionsOf = {
  newtonSchulz: ["coefficients", "steps", "mode", "normalization", "form"],
  gram: ["coefficients", "steps", "mode", "normalization", "restarts"],
  polarExpress: ["variant", "steps", "mode", "normalization", "form"],
  lakic: ["steps"],
  svd: ["nullBelow"],
} as const satisfies Record<PolarName, readonly string[]>;

/** A function that returns the polar factor of each matrix of [..., m, n], and consumes its argument. */
export type PolarFunction = (x: np.Array) => np.Array;

/** A way with its options. Without `method` it is Newton-Schulz. */
export type PolarSettings =
  | ({ readonly method?: "newtonSchulz" } & NewtonSchulzOptions)
  | ({ readonly method: "gram" } & GramNewtonSchulzOptions)
  | ({ readonly method: "polarExpress" } & PolarExpressRunOptions)
  | ({ readonly method: "lakic" } & LakicOptions)
  | ({ readonly method: "svd" } & SvdOptions);

/**
 * How a polar factor is found: by name, by name with options, or by a function of one's own.
 *
 *   newtonSchulz   matrix products, approximate (`newtonSchulz`): five steps of Keller Jordan's coefficients by default
 *   gram           the same polynomial on the small Gram matrix (`gramNewtonSchulz`)
 *   polarExpress   Newton-Schulz with the coefficients of the Polar Express (`polarExpress`)
 *   lakic          Lakić's iteration for (GGᵀ)^(−1/2), of Scion's CIFAR example (`lakic`)
 *   svd            exact and slow: 11 s for a 512 × 512 matrix on jax-js
 */
export type Polar = PolarName | PolarFunction | PolarSettings;

/**
 * The polar factor U Vᵀ over the nonzero singular values of x = U Σ Vᵀ (also called msign), by default exactly.
 *
 * Its singular values are 1, and 0 in the null space of x; so polar(0) = 0, and it is finite for rank-deficient,
 * 1-wide and 1-tall inputs. By SVD singular values count as zero by `nullBelow` of `svd`, the scale of x does not matter
 * down to the smallest numbers, and the error for float32 data is about κ·1e-7, κ the ratio of the largest to the
 * smallest kept singular value: the conditioning of the problem. The other ways have errors and costs of their own.
 * x: [..., m, n]; the result has its shape and dtype. Consumes x. Throws as `polarFunction`.
 */
export function polar(x: np.Array, how: Polar = "svd"): np.Array {
  return polarFunction(how)(x);
}

/**
 * The function that `how` describes. What makes no sense is an error here, not at the first step: an unknown name or
 * option (Error, with the nearest one), coefficients that flip signs or a number of steps below 1 (RangeError).
 */
export function polarFunction(how: Polar): PolarFunction {
  if (typeof how === "function") return how;
  const settings: PolarSettings = typeof how === "string" ? { method: how } : how;
  expectKnown(settings);
  switch (settings.method) {
    case "svd":
      return (x) => exactPolar(x, settings);
    case "lakic":
      expectLakicSteps(settings);
      return (x) => lakic(x, settings);
    case "polarExpress":
      expectForm(settings.form);
      resolveNewtonSchulz({ ...settings, coefficients: settings.variant ?? "polarExpress" });
      return (x) => polarExpress(x, settings);
    case "gram":
      expectRestarts(settings.restarts);
      resolveNewtonSchulz(settings);
      return (x) => gramNewtonSchulz(x, settings);
    default:
      expectForm(settings.form);
      resolveNewtonSchulz(settings);
      return (x) => newtonSchulz(x, settings);
  }
}

function exactPolar(x: np.Array, options: SvdOptions): np.Array {
  const { u, s, vt } = svd(x, options);
  s.dispose();
  return np.matmul(u, vt);
}

/** Throws for a method that does not exist, or an option that is another method's. */
function expectKnown({ method = "newtonSchulz", ...options }: PolarSettings): void {
  if (!Object.hasOwn(optionsOf, method))
    throw new Error(
      `unknown polar "${method}"${didYouMean(method, polarNames)}. There are ${polarNames.join(", ")}, or a function`,
    );
  const known: readonly string[] = optionsOf[method];
  for (const [name, value] of Object.entries(options)) {
    if (known.includes(name) || value === undefined) continue;
    throw new Error(
      `polar "${method}" has no option "${name}"${didYouMean(name, known)}. Its options are ${known.join(", ")}`,
    );
  }
}
