import type { CompareRow } from "../compare/compareRow.ts";

/** What becomes of a run that a worker has made or tried to make. */
export type Settled =
  | { readonly kind: "ended"; readonly row: CompareRow }
  /** The worker was asked to stop: another one goes on. */
  | { readonly kind: "given back" }
  | { readonly kind: "again"; readonly reason: string };

interface Try {
  /** 1 for the first. */
  readonly number: number;
  readonly most: number;
  readonly cancelled: boolean;
}

/** Whether a run has ended, goes back to the queue, or is tried once more. */
export function settleTry(row: CompareRow, { number, most, cancelled }: Try): Settled {
  if (row.status === "interrupted") return cancelled ? { kind: "ended", row } : { kind: "given back" };
  if (row.status !== "failed") return { kind: "ended", row };
  const reason = row.error ?? "for an unknown reason";
  if (number < most) return { kind: "again", reason };
  return { kind: "ended", row: most === 1 ? row : { ...row, error: `${reason} (${most} tries)` } };
}
