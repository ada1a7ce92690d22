import type { Code, Local } from "../wasm/code.ts";
import { polynomial } from "./polynomial.ts";

/** √½ as bits: where the fraction's range [√½, √2) begins. */
const ROOT_HALF = 0x3f3504f3;
const SMALLEST_NORMAL = 2 ** -126;
const INFINITY = 0x7f800000;
const NAN = 0x7fc00000;

const LN2_HIGH = 6.9313812256e-1;
const LN2_LOW = 9.0580006145e-6;

/** Even and odd coefficients of (ln(1+f) − f + f²/2) in s² with s = f/(2+f) (Sun's fdlibm, `logf`). */
const ODD = [0.66666662693, 0.28498786688];
const EVEN = [0.40000972152, 0.24279078841];

/**
 * ln(x) with x = 2ᵏ(1+f) and 1+f in [√½, √2), within 2 units in the last place. −∞ at 0, NaN below it. Reads `x`, uses
 * `scratch`, leaves the result on the stack.
 */
export function emitLog(code: Code, x: Local, scratch: () => Local): void {
  const [y, k, f, s, z, w] = [scratch(), scratch(), scratch(), scratch(), scratch(), scratch()];
  // Numbers below 2⁻¹²⁶ times 2²⁵, which their exponent gives back.
  code.get(x).splatFloat(SMALLEST_NORMAL).simd("f32x4.lt").set(w);
  code
    .get(x)
    .splatFloat(2 ** 25)
    .simd("f32x4.mul")
    .get(x)
    .get(w)
    .simd("v128.bitselect");
  code.splatBits(ROOT_HALF).simd("i32x4.sub").tee(y).i32(23).simd("i32x4.shr_s");
  code.get(w).splatBits(25).simd("v128.and", "i32x4.sub", "f32x4.convert_i32x4_s").set(k);
  code.get(y).splatBits(0x7fffff).simd("v128.and").splatBits(ROOT_HALF).simd("i32x4.add");
  code.splatFloat(-1).simd("f32x4.add").tee(f);
  code.get(f).splatFloat(2).simd("f32x4.add", "f32x4.div").tee(s);
  code.get(s).simd("f32x4.mul").tee(z).get(z).simd("f32x4.mul").set(w);
  // s (½f² + R) + k ln2_low − ½f² + f + k ln2_high
  code.get(f).get(f).simd("f32x4.mul").splatFloat(0.5).simd("f32x4.mul").tee(y);
  polynomial(code, w, ODD);
  code.get(z).simd("f32x4.mul");
  polynomial(code, w, EVEN);
  code.get(w).simd("f32x4.mul", "f32x4.add", "f32x4.add").get(s).simd("f32x4.mul");
  code.get(k).splatFloat(LN2_LOW).simd("f32x4.mul", "f32x4.add").get(y).simd("f32x4.sub");
  code.get(f).simd("f32x4.add").get(k).splatFloat(LN2_HIGH).simd("f32x4.mul", "f32x4.add").set(y);
  // +∞ and NaN go through as they are.
  code.get(y).get(x).get(x).splatBits(INFINITY).simd("f32x4.lt", "v128.bitselect").set(y);
  code
    .splatFloat(Number.NEGATIVE_INFINITY)
    .get(y)
    .get(x)
    .splatFloat(0)
    .simd("f32x4.eq", "v128.bitselect")
    .set(y);
  code.splatBits(NAN).get(y).get(x).splatFloat(0).simd("f32x4.lt", "v128.bitselect");
}
