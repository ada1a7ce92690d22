import { createNorm, fStar, fTwo, type Norm } from "steepest/norms";

const exact = { polar: "svd", dual: "oracle" } as const;

/** A norm with κ², κ the largest dual norm of a matrix of [m, n] with ‖Y‖_F = 1. */
export type NormCurvature = [name: string, norm: Norm, kappaSquare: (m: number, n: number) => number];

/** Norms with exact oracles: a function of curvature λ in the Frobenius norm has a λκ²-Lipschitz gradient in them. */
export const normCurvatures: readonly NormCurvature[] = [
  ["frobenius", createNorm("frobenius"), () => 1],
  ["max", createNorm("max"), (m, n) => m * n],
  ["l1", createNorm("l1"), () => 1],
  ["operator", createNorm("operator", exact), (m, n) => Math.min(m, n)],
  ["spectral", createNorm("spectral", exact), (m, n) => (Math.min(m, n) * m) / n],
  ["nuclear", createNorm("nuclear"), () => 1],
  ["colnorm", createNorm("colnorm"), (m, n) => m * n],
  ["rownorm", createNorm("rownorm"), (m, n) => m / n],
  ["sign_normalized", createNorm("sign_normalized"), (m, n) => m / n],
  ["kyfan_dual_k", createNorm("kyfan_dual_k", { k: 2 }), () => 2],
  ["f_star", fStar(exact), (m, n) => (0.5 * Math.sqrt(Math.min(m, n)) + 0.5) ** 2],
  ["f_two", fTwo(), () => 1],
];
