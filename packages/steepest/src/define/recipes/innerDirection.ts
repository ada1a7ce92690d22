import { chain } from "../../core/chain.ts";
import type { Transform } from "../../core/transform.ts";
import { ema } from "../../transforms/ema.ts";
import { orthogonalize } from "../../transforms/orthogonalize.ts";
import { scaleByAdam } from "../../transforms/scaleByAdam.ts";
import { scaleByShape } from "../../transforms/scaleByShape.ts";

/** Directions that weight control is offered with by name; as a function it takes any transform. */
export const innerNames = ["momentum", "adam", "muon"] as const;

export interface InnerOptions {
  readonly inner: (typeof innerNames)[number];
  readonly momentum: number;
  readonly b1: number;
  readonly b2: number;
  readonly eps: number;
}

/** The average of gradients, Adam's direction, or Keller Jordan's Muon's with update RMS 0.2. */
export function innerDirection({ inner, momentum, b1, b2, eps }: InnerOptions): Transform {
  if (inner === "momentum") return ema(momentum);
  if (inner === "adam") return scaleByAdam({ b1, b2, eps });
  return chain(ema(momentum, { nesterov: true }), orthogonalize({}), scaleByShape("moonlight"));
}
