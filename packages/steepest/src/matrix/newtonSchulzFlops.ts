import { expectWhole } from "../core/expectNumbers.ts";
import { symmetricShare } from "./symmetricStrips.ts";

/** Floating-point operations (a multiply-add is 2) of matrix products; additions and norms are left out. */
export interface IterationSize {
  readonly rows: number;
  readonly columns: number;
  readonly steps: number;
  /** Only the Gram form: how often it forms the Gram matrix anew. Default 1. */
  readonly restarts?: number;
}

/**
 * T(2(1+s)n²m + 2s·n³), n the short side: `newtonSchulz` with quintic steps in the standard form. s is the share of a
 * symmetric product that is computed: 1 below n = 512, where this is T(4n²m + 2n³), 5/8 from there on.
 */
export function newtonSchulzFlops(size: IterationSize): number {
  const { rows, columns, steps } = size;
  expectWhole("newtonSchulzFlops", { rows, columns, steps }, 0);
  return standardFlops(size);
}

/** The same of numbers that are known to be sizes. */
export function standardFlops({ rows, columns, steps }: IterationSize): number {
  const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
  const share = symmetricShare(n);
  return steps * (2 * (1 + share) * n * n * m + 2 * share * n ** 3);
}

/**
 * 2(1+s)(1+ρ)n²m + s(8T − 6 − 6ρ)n³: `gramNewtonSchulz` with ρ restarts that fall between the steps; s = 1 gives
 * 4(1+ρ)n²m + (8T − 6 − 6ρ)n³.
 */
export function gramNewtonSchulzFlops(size: IterationSize): number {
  const { rows, columns, steps, restarts = 1 } = size;
  expectWhole("gramNewtonSchulzFlops", { rows, columns, steps, restarts }, 0);
  return gramFlops(size);
}

/** The same of numbers that are known to be sizes. */
export function gramFlops({ rows, columns, steps, restarts = 1 }: IterationSize): number {
  const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
  const share = symmetricShare(n);
  return 2 * (1 + share) * (1 + restarts) * n * n * m + share * (8 * steps - 6 - 6 * restarts) * n ** 3;
}
