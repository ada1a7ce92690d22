import type { TensorDtype } from "../arrays/dtype.ts";
import { halfBits } from "../arrays/half.ts";
import type { ConstantData } from "./graph.ts";

type Numbers = { from(data: ArrayLike<number>): NodeJS.TypedArray };

const arrays: Record<TensorDtype, Numbers> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: { from: (data) => Uint16Array.from(data, halfBits) },
  int32: Int32Array,
  uint32: Uint32Array,
  bool: Uint8Array,
  int64: { from: (data) => BigInt64Array.from(Array.from(data), BigInt) },
};

/** Numbers as ONNX stores them: little-endian bytes of the element type. */
export function encode(dtype: TensorDtype, data: ConstantData): Uint8Array<ArrayBuffer> {
  const typed = arrays[dtype].from(data);
  return new Uint8Array(typed.buffer as ArrayBuffer, typed.byteOffset, typed.byteLength);
}
