import { type DualFactorOptions, dualFactor } from "./dualFactor.ts";

/**
 * The Lipschitz constant of ∇F in a norm, ‖∇F(X) − ∇F(Y)‖_* ≤ L ‖X − Y‖, for F(X) = ½⟨X − S, A(X − S)B⟩ with
 * A and B symmetric and positive semidefinite of the eigenvalues `left` and `right`:
 *
 *   frobenius, nuclear   λ₁(A) λ₁(B), exact
 *   operator             Σ λᵢ(A) λᵢ(B), both falling, exact (von Neumann's trace inequality)
 *   any other            λ₁(A) λ₁(B) ρ², ρ = `dualFactor`: an upper bound
 *
 * With `right` all 1 it is that of ½⟨X − S, A(X − S)⟩. The Nuclear Norm and Beyond (section 6.1) takes
 * ‖A‖_F‖B‖_F, (2/n)‖A‖_nuc‖B‖_nuc and n‖A‖_op‖B‖_op instead, which come from typical ratios of norms and are
 * up to n times larger.
 */
export function leastSquaresLipschitz(
  norm: string,
  left: readonly number[],
  right: readonly number[],
  options: DualFactorOptions = {},
): number {
  const [a, b] = [falling(left), falling(right)];
  const largest = (a[0] ?? 0) * (b[0] ?? 0);
  if (norm === "operator") return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return largest * dualFactor(norm, [left.length, right.length], options) ** 2;
}

const falling = (values: readonly number[]): number[] => [...values].sort((x, y) => y - x);
