import type { numpy as np } from "@jax-js/jax";
import { expectMatrices } from "./shape.ts";
import { type Svd, type SvdOptions, svd } from "./svd.ts";

/**
 * The leading `rank` singular triples of x [..., m, n], from a full `svd`: U [..., m, rank], s, Vᵀ [..., rank, n], the
 * closest matrix of that rank. A rank above min(m, n) is an error. Cost: `svd`. Consumes x.
 * `randomizedSvd` costs far less where the rank is small.
 */
export function truncatedSvd(x: np.Array, rank: number, options: SvdOptions = {}): Svd {
  const { rows, columns } = expectMatrices("truncatedSvd", x);
  expectRank("truncatedSvd", rank, Math.min(rows, columns));
  return leading(svd(x, options), rank);
}

/** The first `rank` triples of a decomposition. Consumes it. */
export function leading({ u, s, vt }: Svd, rank: number): Svd {
  const all = (count: number): [][] => Array.from({ length: count }, () => []);
  const firstColumns = (a: np.Array): np.Array => a.slice(...all(a.ndim - 1), [0, rank]);
  const firstRows = (a: np.Array): np.Array => a.slice(...all(a.ndim - 2), [0, rank], []);
  return { u: firstColumns(u), s: firstColumns(s), vt: firstRows(vt) };
}

/** Throws a RangeError unless rank is a whole number in 1 … most. */
export function expectRank(where: string, rank: number, most: number): void {
  if (Number.isInteger(rank) && rank >= 1 && rank <= most) return;
  throw new RangeError(`${where}: rank must be a whole number from 1 to ${most}, got ${rank}`);
}
