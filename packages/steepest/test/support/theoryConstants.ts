import type { LeastSquares } from "./leastSquares.ts";

/**
 * `exact`: the Lipschitz constant of ∇F in the method's norm, by which the theorem holds. `paper`: the draft's heuristic,
 * which converts Frobenius norms by typical ratios and is n times too large for neon.
 */
export const constantsChoices = ["exact", "paper"] as const;
export type Constants = (typeof constantsChoices)[number];

/** What section 6.1 of The Nuclear Norm and Beyond asks of a method on n × n least squares. */
export interface TheoryCase {
  readonly method: "nsgd" | "muon" | "neon";
  /** The dual norm to be reached where the gradient's spectral norm is `accuracy`, by the draft's conversion. */
  target(n: number, accuracy: number): number;
  readonly lipschitz: Readonly<Record<Constants, (problem: LeastSquares) => number>>;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const largest = ({ a, b }: LeastSquares): number => (a[0] ?? 0) * (b[0] ?? 0);

export const theoryCases: readonly TheoryCase[] = [
  {
    method: "nsgd",
    target: (n, accuracy) => (Math.sqrt(n) / 2) * accuracy,
    lipschitz: { exact: largest, paper: ({ a, b }) => Math.hypot(...a) * Math.hypot(...b) },
  },
  {
    method: "muon",
    target: (n, accuracy) => (n / 2) * accuracy,
    lipschitz: {
      exact: ({ a, b }) => sum(a.map((x, i) => x * (b[i] ?? 0))), // von Neumann; both fall
      paper: ({ a, b }) => (2 / a.length) * sum(a) * sum(b),
    },
  },
  {
    method: "neon",
    target: (_, accuracy) => accuracy,
    lipschitz: { exact: largest, paper: (problem) => problem.a.length * largest(problem) },
  },
];

/** Step length and number of steps: η = ε/L, K = ⌈2LΔ/ε²⌉ bring the smallest ‖∇F‖_* to ε or below. */
export function promised(lipschitz: number, gap: number, target: number): { step: number; steps: number } {
  return { step: target / lipschitz, steps: Math.ceil((2 * lipschitz * gap) / target ** 2) };
}
