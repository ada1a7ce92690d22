/** Floating-point operations (a multiply-add is 2) of matrix products; additions and norms are left out. */
export interface IterationSize {
  readonly rows: number;
  readonly columns: number;
  readonly steps: number;
  /** Only the Gram form: how often it forms the Gram matrix anew. Default 1. */
  readonly restarts?: number;
}

/** T(4n²m + 2n³), n the short side: `newtonSchulz` with quintic steps. */
export function newtonSchulzFlops({ rows, columns, steps }: IterationSize): number {
  const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
  return steps * (4 * n * n * m + 2 * n ** 3);
}

/** 4(1+ρ)n²m + (8T − 6 − 6ρ)n³: `gramNewtonSchulz` with ρ restarts that fall between the steps. */
export function gramNewtonSchulzFlops({ rows, columns, steps, restarts = 1 }: IterationSize): number {
  const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
  return 4 * (1 + restarts) * n * n * m + (8 * steps - 6 - 6 * restarts) * n ** 3;
}
