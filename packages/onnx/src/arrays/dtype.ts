import { UnsupportedDtypeError } from "./errors.ts";

/** The element types of jax-js, by the name its `DType` enum has for them. */
export type Dtype = "float32" | "float64" | "float16" | "int32" | "uint32" | "bool";

/** Element types inside a graph: int64 only for indices and shapes, never at the boundary. */
export type TensorDtype = Dtype | "int64";

/** Typed arrays that hold tensors at the boundary. bool is one byte, float16 is raw bits. */
export type TensorData = Float32Array | Float64Array | Uint16Array | Int32Array | Uint32Array | Uint8Array;

interface DtypeFacts {
  /** `TensorProto.DataType` and `ONNXTensorElementDataType`, which agree. */
  readonly onnx: number;
  readonly bytes: number;
}

export const dtypeFacts: Record<TensorDtype, DtypeFacts> = {
  float32: { onnx: 1, bytes: 4 },
  float64: { onnx: 11, bytes: 8 },
  float16: { onnx: 10, bytes: 2 },
  int32: { onnx: 6, bytes: 4 },
  uint32: { onnx: 12, bytes: 4 },
  bool: { onnx: 9, bytes: 1 },
  int64: { onnx: 7, bytes: 8 },
};

const views: Record<Dtype, (memory: ArrayBufferLike, offset: number, length: number) => TensorData> = {
  float32: (m, o, n) => new Float32Array(m, o, n),
  float64: (m, o, n) => new Float64Array(m, o, n),
  float16: (m, o, n) => new Uint16Array(m, o, n),
  int32: (m, o, n) => new Int32Array(m, o, n),
  uint32: (m, o, n) => new Uint32Array(m, o, n),
  bool: (m, o, n) => new Uint8Array(m, o, n),
};

/** A zeroed tensor in shared memory, which every worker and the runtime can see without a copy. */
export function allocateTensor(dtype: Dtype, size: number): TensorData {
  return viewTensor(dtype, new SharedArrayBuffer(Math.max(size, 1) * dtypeFacts[dtype].bytes), 0, size);
}

/** A typed array over memory that is already there. */
export function viewTensor(dtype: Dtype, memory: ArrayBufferLike, offset: number, size: number): TensorData {
  return views[dtype](memory, offset, size);
}

export function isFloat(dtype: TensorDtype): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16";
}

/** Narrows jax-js's enum, whose members are these strings. */
export function asDtype(dtype: string): Dtype {
  if (dtype in views) return dtype as Dtype;
  throw new UnsupportedDtypeError(dtype, "this package", `use one of ${Object.keys(views).join(", ")}`);
}
