/** The element types jax-js computes with and a file of ours can hold. */
export type TensorType = "float32" | "float64" | "int32" | "uint32" | "bool";

/** Numbers in row-major order outside any engine. `bool` is one byte per element. */
export type HostTensor = { readonly shape: readonly number[] } & (
  | { readonly dtype: "float32"; readonly data: Float32Array }
  | { readonly dtype: "float64"; readonly data: Float64Array }
  | { readonly dtype: "int32"; readonly data: Int32Array }
  | { readonly dtype: "uint32"; readonly data: Uint32Array }
  | { readonly dtype: "bool"; readonly data: Uint8Array }
);

/** Tensors by their path in a tree, or by their name in a file, in order. */
export type HostTensors = { readonly [path: string]: HostTensor };
