import type { numpy as np } from "@jax-js/jax";
import { biasRms } from "./biasRms.ts";
import { normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";
import { type PolarNormOptions, spectral } from "./spectral.ts";
import { spectralConv } from "./spectralConv.ts";

export interface AutoOptions extends PolarNormOptions {
  /** Matrices are stored [dIn, dOut], an embedding [vocab, width]. Default false. */
  readonly transpose?: boolean;
  /** Radius of the unit ball. Default 1. */
  readonly scale?: number;
}

/**
 * Scion's rule by rank: 3 or 4 axes `spectralConv`, 2 `spectral`, 1 or 0 `biasRms`; more is an error.
 * Source: LIONS-EPFL/scion, "Auto".
 */
export function auto({ transpose = false, ...options }: AutoOptions = {}): Norm {
  const conv = spectralConv(options);
  const matrix = spectral({ ...options, transpose });
  const bias = biasRms(options.scale === undefined ? {} : { scale: options.scale });
  const choose = ({ length: rank }: readonly number[]): Norm => {
    if (rank > 4)
      throw new Error(`norm auto has a rule for up to 4 axes, got ${rank}. Name a norm for this parameter`);
    return rank > 2 ? conv : rank === 2 ? matrix : bias;
  };
  const { lmoStack: convs } = conv;
  const { lmoStack: matrices } = matrix;
  return {
    name: "auto",
    value: (x: np.Array) => choose(x.shape).value(x),
    dual: (g) => choose(g.shape).dual(g),
    lmo: (g) => choose(g.shape).lmo(g),
    sharp: (g) => choose(g.shape).sharp(g),
    ...(convs && matrices && { lmoStack: (stack: np.Array) => (stack.ndim > 3 ? convs : matrices)(stack) }),
    init: (key, shape) => choose(shape).init(key, shape),
  };
}

export const autoEntry = normEntry({
  name: "auto",
  options: ["transpose", "polar", "dual"],
  row: {
    value: "by rank: `spectral_conv` (3, 4), `spectral` (2), `bias_rms` (0, 1)",
    dual: "the same",
    lmo: "the same",
    sharp: "the same",
    init: "the same",
    cost: "the same",
  },
  create: auto,
});
