import type { numpy as np } from "@jax-js/jax";
import { didYouMean } from "../core/nearestName.ts";
import { type NewtonSchulzOptions, newtonSchulz, resolveNewtonSchulz } from "../matrix/newtonSchulz.ts";
import { polar } from "../matrix/polar.ts";

/**
 * How a spectral norm finds the polar factor of its argument: by SVD (exact, slow), by Newton-Schulz or the
 * Polar Express (matrix products, approximate), or by a function of one's own, which consumes its matrix.
 */
export type PolarOracle = "svd" | "newtonSchulz" | "polarExpress" | ((g: np.Array) => np.Array);

const oracleNames = ["svd", "newtonSchulz", "polarExpress"] as const;

export interface OracleOptions extends NewtonSchulzOptions {
  /** Default "newtonSchulz": five steps of the Keller Jordan coefficients, as Muon and Scion. */
  readonly oracle?: PolarOracle;
}

/** The polar function that the options describe. Throws for options that do not go together. */
export function polarOracle(name: string, options: OracleOptions): (g: np.Array) => np.Array {
  const { oracle = "newtonSchulz", ...iteration } = options;
  const given = Object.entries(iteration).filter(([, value]) => value !== undefined);
  if (typeof oracle === "function" || oracle === "svd") {
    const [stray] = given;
    if (stray !== undefined)
      throw new Error(
        `${name}: option "${stray[0]}" belongs to oracle "newtonSchulz" or "polarExpress"; leave it out, or change the oracle`,
      );
    return oracle === "svd" ? (g) => polar(g) : oracle;
  }
  if (oracle === "polarExpress") {
    const settings = { coefficients: "polarExpress", ...iteration } as const;
    resolveNewtonSchulz(settings); // a wrong name or step count is an error now, not at the first step
    return (g) => newtonSchulz(g, settings);
  }
  if (oracle !== "newtonSchulz")
    throw new Error(
      `${name}: unknown oracle "${String(oracle)}"${didYouMean(String(oracle), oracleNames)}. ` +
        `The oracles are ${oracleNames.join(", ")}, or a function`,
    );
  resolveNewtonSchulz(iteration);
  return (g) => newtonSchulz(g, iteration);
}
