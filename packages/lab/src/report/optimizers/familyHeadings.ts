import type { Family } from "steepest";

/** The families in the order they are shown, each with what its methods have in common. */
export const familyHeadings = {
  fisher: "Fisher-approximated: which structure the curvature estimate has",
  "norm-constrained": "Norm-constrained: in which norm the step is the steepest",
  manifold: "Manifolds and weight control: where weights or steps live",
  gradient: "Plain gradients",
} as const satisfies Record<Family, string>;
