import type { Source } from "./claim.ts";

const papers = {
  mano: {
    authors: "Gu & Xie",
    title: "Mano: Restriking Manifold Optimization for LLM Training",
    year: 2026,
    id: "arXiv:2601.23000",
  },
  scion: {
    authors: "Pethick et al.",
    title: "Training Deep Learning Models with Norm-Constrained LMOs",
    year: 2025,
    id: "arXiv:2502.07529",
  },
  clipped: {
    authors: "Pethick et al.",
    title: "Generalized Gradient Norm Clipping & Non-Euclidean (L0, L1)-Smoothness",
    year: 2025,
    id: "arXiv:2506.01913",
  },
  nuclear: {
    authors: "Anonymous",
    title: "The Nuclear Norm and Beyond: Dual Norms and Combinations for Matrix Optimization",
    year: 2025,
    id: "a draft under review",
  },
  spectra: {
    authors: "Gu",
    title: "Two Theoretical Spectra of Modern Optimizers",
    year: 2026,
    id: "notes of 8 June 2026",
  },
} as const;

/** A place in one of the papers. */
export const sourceIn = (paper: keyof typeof papers, where: string): Source => ({ ...papers[paper], where });
