import type { CoefficientSet, Coefficients } from "./coefficientSet.ts";

/** Aurora's step, which DeepSeek-V4 ends in, too. */
export const simple: Coefficients = [2, -1.5, 0.5];

const common = { mode: "repeatLast", safety: 1, flipsSign: false } as const;

/** Single steps repeated until they have converged, without their names. */
export const classicalSets = {
  cubic: {
    ...common,
    schedule: [[1.5, -0.5, 0]],
    mode: "cycle",
    steps: 15,
    interval: [0, 1],
    intervalKind: "converges",
    band: [0, 1],
    authors: "Schulz; Björck, Bowie",
    year: 1971,
    source: "the classical iteration, Björck & Bowie, SIAM J. Numer. Anal. 8(2); converges for σ < √3",
  },
  quintic: {
    ...common,
    schedule: [[15 / 8, -5 / 4, 3 / 8]],
    mode: "cycle",
    steps: 10,
    interval: [0, 1],
    intervalKind: "converges",
    band: [0, 1],
    authors: "Björck, Bowie",
    year: 1971,
    source: "the classical iteration of third order, SIAM J. Numer. Anal. 8(2)",
  },
  simple: {
    ...common,
    schedule: [simple],
    mode: "cycle",
    steps: 12,
    interval: [0, 1],
    intervalKind: "converges",
    band: [0, 1.0018],
    authors: "Dewulf, Pai, Yang, Zhang, Keigwin",
    year: 2026,
    source: "arXiv:2606.27715 (Aurora); fixed points 0, 1, √2 and p'(1) = 0",
  },
} as const satisfies Record<string, Omit<CoefficientSet, "name">>;
