import type { TensorType } from "./hostTensor.ts";

/**
 * The element types of safetensors files: bytes per element, and the type they have here. Numbers that jax-js has no
 * type for become one that holds them all; 64-bit integers must fit into 32 bits. Eight-bit floats are refused.
 */
export const elementTypes = {
  F64: { bytes: 8, dtype: "float64" },
  F32: { bytes: 4, dtype: "float32" },
  F16: { bytes: 2, dtype: "float32" },
  BF16: { bytes: 2, dtype: "float32" },
  I64: { bytes: 8, dtype: "int32" },
  I32: { bytes: 4, dtype: "int32" },
  I16: { bytes: 2, dtype: "int32" },
  I8: { bytes: 1, dtype: "int32" },
  U64: { bytes: 8, dtype: "uint32" },
  U32: { bytes: 4, dtype: "uint32" },
  U16: { bytes: 2, dtype: "int32" },
  U8: { bytes: 1, dtype: "int32" },
  BOOL: { bytes: 1, dtype: "bool" },
} as const satisfies Record<string, { bytes: number; dtype: TensorType }>;

export type ElementType = keyof typeof elementTypes;

export const isElementType = (name: unknown): name is ElementType =>
  typeof name === "string" && Object.hasOwn(elementTypes, name);

/** What our tensors are called in a file. */
export const storedType = {
  float64: "F64",
  float32: "F32",
  int32: "I32",
  uint32: "U32",
  bool: "BOOL",
} as const satisfies Record<TensorType, ElementType>;
