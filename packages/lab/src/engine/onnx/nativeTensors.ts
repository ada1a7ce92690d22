import { type NamedTensors, type Spec, spec, type TensorData } from "@steepest/onnx";

import type { HostTensor, HostTensors } from "../hostTensor.ts";

/** The entry of that name; its absence is a mistake of ours. */
export function tensorNamed(tensors: NamedTensors, name: string): TensorData {
  const found = tensors[name];
  if (found === undefined) throw new Error(`internal: the graph has no "${name}"`);
  return found;
}

/** The number of a scalar output. */
export function scalarNamed(tensors: NamedTensors, name: string): number {
  const [value] = tensorNamed(tensors, name);
  if (value === undefined) throw new Error(`internal: "${name}" has no elements`);
  return value;
}

/** Live memory as a tensor: later steps change it. */
export function hostTensorOf(path: string, shape: readonly number[], data: TensorData): HostTensor {
  if (data instanceof Float32Array) return { dtype: "float32", shape, data };
  if (data instanceof Float64Array) return { dtype: "float64", shape, data };
  if (data instanceof Int32Array) return { dtype: "int32", shape, data };
  if (data instanceof Uint32Array) return { dtype: "uint32", shape, data };
  if (data instanceof Uint8Array) return { dtype: "bool", shape, data };
  throw new Error(`"${path}" is float16, which a checkpoint cannot hold`);
}

/** A tensor that later steps do not change. */
export function copyOf(tensor: HostTensor): HostTensor {
  const { shape, dtype } = tensor;
  switch (dtype) {
    case "float32":
      return { dtype, shape, data: Float32Array.from(tensor.data) };
    case "float64":
      return { dtype, shape, data: Float64Array.from(tensor.data) };
    case "int32":
      return { dtype, shape, data: Int32Array.from(tensor.data) };
    case "uint32":
      return { dtype, shape, data: Uint32Array.from(tensor.data) };
    case "bool":
      return { dtype, shape, data: Uint8Array.from(tensor.data) };
  }
}

export function copied(tensors: HostTensors): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [path, copyOf(tensor)]));
}

/** What stands for a batch while a step is traced. */
export function placeholders(batch: HostTensors): Record<string, Spec> {
  return Object.fromEntries(
    Object.entries(batch).map(([path, { shape, dtype }]) => [path, spec(shape, dtype)]),
  );
}

/** The elements of a batch by path. */
export function batchElements(batch: HostTensors): Record<string, TensorData> {
  return Object.fromEntries(Object.entries(batch).map(([path, { data }]) => [path, data]));
}
