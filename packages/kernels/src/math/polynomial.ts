import type { Code, Local } from "../wasm/code.ts";

/** Σ coefficients[i] xⁱ by Horner's rule, left on the stack. */
export function polynomial(code: Code, x: Local, coefficients: readonly number[]): void {
  const [highest = 0, ...rest] = coefficients.toReversed();
  code.splatFloat(highest);
  for (const coefficient of rest) code.get(x).simd("f32x4.mul").splatFloat(coefficient).simd("f32x4.add");
}
