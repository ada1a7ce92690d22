import type { TensorType } from "../engine/hostTensor.ts";

/** The names of the element types in a safetensors header, and bytes per element. */
export const tensorFormat = {
  float32: { name: "F32", bytes: 4 },
  float64: { name: "F64", bytes: 8 },
  int32: { name: "I32", bytes: 4 },
  uint32: { name: "U32", bytes: 4 },
  bool: { name: "BOOL", bytes: 1 },
} as const satisfies Record<TensorType, { name: string; bytes: number }>;

export function typeOfName(name: unknown): TensorType | undefined {
  const types: TensorType[] = ["float32", "float64", "int32", "uint32", "bool"];
  return types.find((type) => tensorFormat[type].name === name);
}
