import type { Collectives } from "../../collectives/collectives.ts";
import type { Ownership } from "./ownership.ts";

/** A parameter's gradient, summed over the parts of this rank, and where its mean goes if this rank makes the update. */
export interface Gradient {
  readonly path: string;
  readonly sum: Float32Array;
  readonly mean: Float32Array | undefined;
}

/** What all ranks know of a gradient that none of them has whole. */
export interface GradientFacts {
  /** Euclidean norm over all parameters, before clipping. */
  readonly norm: number;
  /** The first parameter whose gradient is not finite. */
  readonly broken: string | undefined;
}

/**
 * The mean of the gradients of all ranks, each parameter's at those who update it, scaled down to a norm of `clip` over all
 * parameters. Sums are taken whole before anything is computed of them. `parts`: of all ranks together.
 */
export function averageToOwners(
  collectives: Collectives,
  { owner, updates, together }: Ownership,
  gradients: readonly Gradient[],
  { parts, clip }: { readonly parts: number; readonly clip: number | undefined },
): GradientFacts {
  const { rank } = collectives;
  const factor = Math.fround(1 / parts);
  const pieces = gradients.map(({ path, sum, mean }) => ({ owner: owner(path), data: sum, into: mean }));
  collectives.sumToOwners(pieces);
  const squares = gradients.map(({ path, mean }) =>
    owner(path) === rank && mean !== undefined ? scaledSquares(mean, factor) : 0,
  );
  if (together) {
    collectives.copyFromOwners(
      pieces.flatMap(({ owner, into }) => (into === undefined ? [] : [{ owner, data: into }])),
    );
  }
  // Added parameter by parameter, whoever has them: the same norm for any number of ranks.
  const all = collectives.allGather(squares);
  const total = gradients.map(({ path }, i) => all[owner(path)]?.[i] ?? 0);
  const norm = Math.sqrt(total.reduce((sum, own) => sum + own, 0));
  if (clip !== undefined && norm > clip) {
    const shorter = Math.fround(clip / norm);
    for (const { path, mean } of gradients) {
      if (mean !== undefined && updates(rank, path)) scale(mean, shorter);
    }
  }
  return { norm, broken: gradients[total.findIndex((own) => !Number.isFinite(own))]?.path };
}

/** Multiplies in place, and returns the sum of the squares. */
function scaledSquares(data: Float32Array, factor: number): number {
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Math.fround((data[i] ?? 0) * factor);
    data[i] = value;
    squares += value * value;
  }
  return squares;
}

function scale(data: Float32Array, factor: number): void {
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) * factor;
}
