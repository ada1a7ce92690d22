import type { ScionOptions } from "./scionPresets.ts";

/**
 * One kind of norm for every layer: what the first layer gets under one-hot input, and what all others get.
 */
const kinds = {
  /** First √dOut·UVᵀ, others √(dOut/dIn)·UVᵀ. */
  spectral: { first: "spectral_2rms", others: "spectral" },
  /** First √dOut·column/|column|, others that over dIn. */
  colnorm: { first: "colnorm", others: "colnorm_normalized" },
  /** First row/|row|, others row/(√dIn·|row|). */
  rownorm: { first: "rownorm_input", others: "rownorm" },
  /** First sign, others sign/dIn, biases sign (`bias_sign`). */
  sign: { first: "sign", others: "sign_normalized" },
} as const;

export type UniformKind = keyof typeof kinds;

/** Paths, or patterns, of the layers at the ends. */
export interface UniformPaths {
  /**
   * The table that one-hot input goes through, stored [vocab, width]. Leave it out for images: their first
   * layer is as the others.
   */
  readonly embedding?: string;
  /** The last layer, for a radius of its own. */
  readonly head?: string;
}

/**
 * Scion's options with one kind of norm everywhere instead of norms by role:
 *
 * ```ts
 * createOptimizer("scion", uniformScion("sign", scionPresets.shallowGpt.options, { embedding: "embedding", head: "head" }));
 * ```
 *
 * Rates, momentum and radii are those of `options`: `embeddingRadius` for the embedding, `headRadius` for the
 * head where their paths are given, `radius` for the rest. Convolutions count as matrices [dOut, rest]. Gains
 * and biases get `bias_sign` beside sign, `bias_rms` beside the others. Groups in `options` are kept, before
 * these. Source: Pethick et al. 2025, arXiv:2502.07529, Table 6. The radii of such runs are not in our
 * source.
 */
export function uniformScion(
  kind: UniformKind,
  options: ScionOptions = {},
  { embedding, head }: UniformPaths = {},
): ScionOptions {
  if (!Object.hasOwn(kinds, kind))
    throw new Error(
      `uniformScion: no kind "${String(kind)}"; the kinds are ${Object.keys(kinds).join(", ")}`,
    );
  const { first, others } = kinds[kind];
  const { embeddingRadius = 1, headRadius = 10, groups = [] } = options;
  const ends = [
    ...(embedding === undefined
      ? []
      : [{ match: embedding, norm: first, transposed: true, radius: embeddingRadius }]),
    ...(head === undefined ? [] : [{ match: head, norm: others, transposed: false, radius: headRadius }]),
  ];
  return {
    ...options,
    norm: others,
    ...(groups.length + ends.length > 0 && { groups: [...groups, ...ends] }),
  };
}
