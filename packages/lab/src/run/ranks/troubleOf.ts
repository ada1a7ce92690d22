import { broadcastText } from "../../collectives/broadcastText.ts";
import type { Collectives } from "../../collectives/collectives.ts";

/**
 * Whether all ranks could do something: undefined, or the first that could not and why. Every rank gives its own trouble or
 * undefined, and every rank gets the same answer.
 */
export function troubleOf(
  collectives: Collectives,
  own: string | undefined,
): { readonly rank: number; readonly why: string } | undefined {
  const rank = collectives.allGather([own === undefined ? 0 : 1]).findIndex(([failed]) => failed === 1);
  if (rank < 0) return undefined;
  return { rank, why: broadcastText(collectives, rank, own ?? "") };
}
