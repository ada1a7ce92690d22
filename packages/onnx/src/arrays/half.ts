const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** A number as float16 has it, rounded to the nearest, ties to even. */
export function roundToHalf(value: number): number {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value) || magnitude === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const unit = 2 ** (exponent - 10);
  const scaled = magnitude / unit; // exact: a power of two
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  const rounded = (below + (up ? 1 : 0)) * unit;
  return Math.sign(value) * (rounded > 65504 ? Number.POSITIVE_INFINITY : rounded);
}

/** The 16 bits of a number in float16 (IEEE 754 binary16): 1 of sign, 5 of exponent, 10 of fraction. */
export function halfBits(value: number): number {
  const half = roundToHalf(value);
  if (Number.isNaN(half)) return 0x7e00;
  single[0] = half;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = Math.abs(half);
  if (magnitude === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | (magnitude * 2 ** 24);
  return sign | ((((word >>> 23) & 0xff) - 112) << 10) | ((word >>> 13) & 0x3ff);
}
