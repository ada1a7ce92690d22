import type { Code, Local } from "../wasm/code.ts";
import { emitExp } from "./exponential.ts";
import { polynomial } from "./polynomial.ts";

/** erfc(a) ≈ t (a₁ + a₂t + … + a₅t⁴) exp(−a²) with t = 1/(1 + pa), a ≥ 0, within 1.5e-7 (Abramowitz & Stegun 1964, 7.1.26). */
const P = 0.3275911;
const COEFFICIENTS = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];

/**
 * The error function of x, or what it lacks to 1, by the approximation that jax-js has, absolute error 1.5e-7 and what float32
 * adds. Reads `x`, uses `scratch`, leaves the result on the stack.
 */
export function emitErrorFunction(code: Code, name: "erf" | "erfc", x: Local, scratch: () => Local): void {
  const [size, t, lack] = [scratch(), scratch(), scratch()];
  code.get(x).splatBits(0x7fffffff).simd("v128.and").set(size);
  code
    .splatFloat(1)
    .get(size)
    .splatFloat(P)
    .simd("f32x4.mul")
    .splatFloat(1)
    .simd("f32x4.add", "f32x4.div")
    .set(t);
  code.splatFloat(0).get(size).get(size).simd("f32x4.mul", "f32x4.sub").set(lack);
  emitExp(code, lack, scratch);
  polynomial(code, t, COEFFICIENTS);
  code.get(t).simd("f32x4.mul", "f32x4.mul").set(lack);
  if (name === "erfc") {
    code
      .splatFloat(2)
      .get(lack)
      .simd("f32x4.sub")
      .get(lack)
      .get(x)
      .splatFloat(0)
      .simd("f32x4.lt", "v128.bitselect");
    return;
  }
  const sign = -(2 ** 31);
  code.splatFloat(1).get(lack).simd("f32x4.sub").get(x).splatBits(sign).simd("v128.and", "v128.or");
}
