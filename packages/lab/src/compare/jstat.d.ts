declare module "jstat" {
  const jstat: {
    readonly studentt: {
      cdf(x: number, freedom: number): number;
      inv(p: number, freedom: number): number;
    };
    readonly normal: {
      pdf(x: number, mean: number, deviation: number): number;
      cdf(x: number, mean: number, deviation: number): number;
      inv(p: number, mean: number, deviation: number): number;
    };
    /** The lower triangle L of L·Lᵀ; NaN within it where the matrix is not positive definite. */
    cholesky(matrix: readonly (readonly number[])[]): number[][];
  };
  export default jstat;
}
