import type { Collectives } from "../../collectives/collectives.ts";

/** What rank 0 has the others do with it. */
export type Order =
  | { readonly kind: "step"; readonly step: number }
  /** Their part of the optimizer's state is wanted. */
  | { readonly kind: "state" }
  | { readonly kind: "end" };

const kinds = ["step", "state", "end"] as const;

/** Tells all others. */
export function giveOrder(collectives: Collectives, order: Order): void {
  const step = order.kind === "step" ? order.step : 0;
  collectives.broadcast(0, Float64Array.of(kinds.indexOf(order.kind), step));
}

/** Waits for the next order of rank 0. */
export function nextOrder(collectives: Collectives): Order {
  const message = new Float64Array(2);
  collectives.broadcast(0, message);
  const [code = 0, step = 0] = message;
  const kind = kinds[code];
  if (kind === undefined) throw new Error(`internal: no order has the number ${code}`);
  return kind === "step" ? { kind, step } : { kind };
}
