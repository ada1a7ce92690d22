import { checked } from "./guide.ts";

// Invariants on pages of several families.

export const scaleFree = checked(
  "equalities",
  "%s: 1e4 and 1e-4 times the gradients give the same weights",
  "1e4 and 1e-4 times the gradients give the same weights",
);

export const blocks = checked(
  "rowBlocks",
  "%s %j: a fused weight moves as separate weights do",
  "With `blocks` a fused weight moves exactly as separate weights do",
);

export const turning = checked(
  "oracleEqualities",
  "%s %j: Δ(PMQ) = PΔ(M)Q",
  "It turns with its gradient: Δ(PMQ) = PΔ(M)Q",
);
