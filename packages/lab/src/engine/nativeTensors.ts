import { type NamedTensors, type Spec, spec, type TensorData } from "@steepest/onnx";

import type { HostTensor, HostTensors } from "./hostTensor.ts";

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

/** A copy of live memory that later steps do not change. */
export function copyTensor(path: string, shape: readonly number[], live: TensorData): HostTensor {
  if (live instanceof Float32Array) return { dtype: "float32", shape, data: Float32Array.from(live) };
  if (live instanceof Float64Array) return { dtype: "float64", shape, data: Float64Array.from(live) };
  if (live instanceof Int32Array) return { dtype: "int32", shape, data: Int32Array.from(live) };
  if (live instanceof Uint32Array) return { dtype: "uint32", shape, data: Uint32Array.from(live) };
  if (live instanceof Uint8Array) return { dtype: "bool", shape, data: Uint8Array.from(live) };
  throw new Error(`"${path}" is float16, which a checkpoint cannot hold`);
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
