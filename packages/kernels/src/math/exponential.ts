import type { Code, Local } from "../wasm/code.ts";
import { polynomial } from "./polynomial.ts";

/** Beyond these the result is infinite or 0 in float32. */
const LARGEST = 89;
const SMALLEST = -104;

/** ln 2 in two parts: the first has so few bits that its product with an exponent is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444005469057e-4;

/** (exp(r) − 1 − r) / r² for |r| ≤ ln(2)/2, lowest power first; a minimax fit (Moshier's Cephes, `expf`). */
const COEFFICIENTS = [
  5.0000001201e-1, 1.6666665459e-1, 4.1665795894e-2, 8.3334519073e-3, 1.3981999507e-3, 1.98756915e-4,
];

/**
 * exp(x) = 2ⁿ exp(r) with n = round(x / ln 2), within 2 units in the last place; results below 2⁻¹²⁶ keep the bits
 * that float32 has for them. Reads `x`, uses `scratch`, leaves the result on the stack.
 */
export function emitExp(code: Code, x: Local, scratch: () => Local): void {
  const [n, r, half, kept] = [scratch(), scratch(), scratch(), scratch()];
  // What becomes 0 anyway is computed as exp(0): processors take a hundred cycles for a product that underflows.
  code.get(x).splatFloat(SMALLEST).simd("f32x4.lt", "v128.not").tee(kept);
  code.get(x).splatFloat(LARGEST).simd("f32x4.pmin", "v128.and").set(r);
  code.get(r).splatFloat(Math.LOG2E).simd("f32x4.mul", "f32x4.nearest").set(n);
  for (const part of [LN2_HIGH, LN2_LOW])
    code.get(r).get(n).splatFloat(part).simd("f32x4.mul", "f32x4.sub").set(r);
  polynomial(code, r, COEFFICIENTS);
  code.get(r).get(r).simd("f32x4.mul", "f32x4.mul").get(r).simd("f32x4.add").splatFloat(1).simd("f32x4.add");
  // 2ⁿ in two factors, since n reaches beyond the exponents of float32 on both sides.
  code.get(n).simd("i32x4.trunc_sat_f32x4_s").tee(n).i32(1).simd("i32x4.shr_s").tee(half);
  power(code);
  code.simd("f32x4.mul").get(n).get(half).simd("i32x4.sub");
  power(code);
  code.simd("f32x4.mul").get(kept).simd("v128.and");
}

/** From the whole number on the stack to 2 to that power. */
function power(code: Code): void {
  code.splatBits(127).simd("i32x4.add").i32(23).simd("i32x4.shl");
}
