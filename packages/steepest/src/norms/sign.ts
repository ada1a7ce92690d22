import { numpy as np } from "@jax-js/jax";
import { maxAbs, sumAll } from "../matrix/reduce.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import { coins, type MaxOptions, zeros } from "./max.ts";
import type { Norm } from "./norm.ts";
import { expectMatrix } from "./shape.ts";

export interface SignOptions extends MaxOptions {
  /** Divide the ball by dIn, so that ‖A‖ bounds the RMS→∞ operator norm. Default false. */
  readonly perInput?: boolean;
  /** The weight is stored [dIn, dOut], an embedding [vocab, width]. Default false. */
  readonly transpose?: boolean;
}

/**
 * Scion's sign norm of a matrix [dOut, dIn]: with perInput (key `sign_normalized`, hidden and last layers)
 *
 *   value(A) = dIn · max |Aᵢⱼ|       dual(G) = Σ|Gᵢⱼ| / dIn       lmo(G) = −sign(G) / dIn
 *
 * since ‖A‖_{RMS→∞} ≤ dIn · max|Aᵢⱼ|; without (key `sign`, first layer) it is `max` on a matrix.
 * Source: Pethick et al. 2025, arXiv:2502.07529, tables 2 to 4.
 */
export function sign({
  perInput = false,
  transpose = false,
  scale = 1,
  zeroInit = false,
}: SignOptions = {}): Norm {
  const name = perInput ? "sign_normalized" : "sign";
  const inputs = (method: string, x: { readonly shape: readonly number[] }): number => {
    const [rows, columns] = expectMatrix(`${name}.${method}`, x);
    if (!perInput) return 1;
    return transpose ? rows : columns;
  };
  return defineNorm(
    {
      name,
      value(a) {
        const dIn = inputs("value", a);
        return maxAbs(a).mul(dIn);
      },
      dual(g) {
        const dIn = inputs("dual", g);
        return sumAll(np.abs(g)).div(dIn);
      },
      lmo(g) {
        const dIn = inputs("lmo", g);
        return np.sign(g).div(-dIn);
      },
      init(key, shape) {
        const dIn = inputs("init", { shape });
        return (zeroInit ? zeros : coins)(key, shape).div(dIn);
      },
    },
    scale,
  );
}

export const signEntry = normEntry({
  name: "sign",
  options: ["transpose", "zeroInit"],
  vectors: "bias_sign",
  row: {
    value: "max abs(Aᵢⱼ) (1→max)",
    dual: "Σ abs(Gᵢⱼ)",
    lmo: "−sign(G)",
    sharp: "(Σ abs(Gᵢⱼ))·sign(G)",
    init: "fair coins",
    cost: "1 pass",
  },
  create: (options: Omit<SignOptions, "perInput"> = {}) => sign({ ...options, perInput: false }),
});

export const signNormalizedEntry = normEntry({
  name: "sign_normalized",
  options: ["transpose", "zeroInit"],
  vectors: "bias_sign",
  row: {
    value: "dIn·max abs(Aᵢⱼ)",
    dual: "Σ abs(Gᵢⱼ)/dIn",
    lmo: "−sign(G)/dIn",
    sharp: "(Σ abs(Gᵢⱼ))/dIn²·sign(G)",
    init: "fair coins / dIn",
    cost: "1 pass",
  },
  create: (options: Omit<SignOptions, "perInput"> = {}) => sign({ ...options, perInput: true }),
});
