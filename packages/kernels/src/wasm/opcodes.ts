/** Instructions of one byte without operands in the code, by their name in the text format. */
export const PLAIN = {
  else: 0x05,
  end: 0x0b,
  drop: 0x1a,
  "i32.eqz": 0x45,
  "i32.lt_u": 0x49,
  "i32.gt_u": 0x4b,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.div_u": 0x6e,
  "i32.rem_u": 0x70,
  "i32.and": 0x71,
  "i32.shl": 0x74,
  "i32.shr_u": 0x76,
  select: 0x1b,
  "f64.promote_f32": 0xbb,
  "f32.demote_f64": 0xb6,
} as const;

/** Vector instructions, which follow the prefix 0xfd, without operands in the code. */
export const SIMD = {
  "i32x4.splat": 0x11,
  "f32x4.splat": 0x13,
  "i32x4.eq": 0x37,
  "i32x4.ne": 0x38,
  "i32x4.lt_s": 0x39,
  "i32x4.lt_u": 0x3a,
  "i32x4.gt_s": 0x3b,
  "i32x4.le_s": 0x3d,
  "i32x4.le_u": 0x3e,
  "f32x4.eq": 0x41,
  "f32x4.ne": 0x42,
  "f32x4.lt": 0x43,
  "f32x4.le": 0x45,
  "v128.not": 0x4d,
  "v128.and": 0x4e,
  "v128.or": 0x50,
  "v128.xor": 0x51,
  "v128.bitselect": 0x52,
  "f32x4.ceil": 0x67,
  "f32x4.floor": 0x68,
  "f32x4.trunc": 0x69,
  "f32x4.nearest": 0x6a,
  "i32x4.shl": 0xab,
  "i32x4.shr_s": 0xac,
  "i32x4.shr_u": 0xad,
  "i32x4.add": 0xae,
  "i32x4.sub": 0xb1,
  "i32x4.mul": 0xb5,
  "i32x4.min_s": 0xb6,
  "i32x4.min_u": 0xb7,
  "i32x4.max_s": 0xb8,
  "i32x4.max_u": 0xb9,
  "f32x4.sqrt": 0xe3,
  "f32x4.add": 0xe4,
  "f32x4.sub": 0xe5,
  "f32x4.mul": 0xe6,
  "f32x4.div": 0xe7,
  "f32x4.min": 0xe8,
  "f32x4.max": 0xe9,
  "f32x4.pmin": 0xea,
  "f32x4.pmax": 0xeb,
  "i32x4.trunc_sat_f32x4_s": 0xf8,
  "i32x4.trunc_sat_f32x4_u": 0xf9,
  "f32x4.convert_i32x4_s": 0xfa,
  "f32x4.convert_i32x4_u": 0xfb,
  "f32x4.relaxed_madd": 0x105,
} as const;

/** Vector instructions that take a lane number. */
export const LANES = { "f32x4.extract_lane": 0x1f, "f32x4.replace_lane": 0x20 } as const;

/** Instructions that read or write memory: opcode, whether a vector instruction, and logarithm of the alignment. */
export const MEMORY = {
  "i32.load": { code: 0x28, vector: false, align: 2 },
  "v128.load": { code: 0x00, vector: true, align: 2 },
  "v128.load32_splat": { code: 0x09, vector: true, align: 2 },
  "v128.load32_zero": { code: 0x5c, vector: true, align: 2 },
  "v128.store": { code: 0x0b, vector: true, align: 2 },
} as const;

/** Instructions that move one lane between a vector and memory. */
export const MEMORY_LANES = { "v128.load32_lane": 0x56, "v128.store32_lane": 0x5a } as const;

export type PlainName = keyof typeof PLAIN;
export type SimdName = keyof typeof SIMD;
export type LaneName = keyof typeof LANES;
export type MemoryName = keyof typeof MEMORY;
export type MemoryLaneName = keyof typeof MEMORY_LANES;
