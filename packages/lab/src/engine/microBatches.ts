import type { HostTensor, HostTensors } from "./hostTensor.ts";

/**
 * A batch in equal parts along the first dimension of its tensors: views of the same memory, nothing is copied.
 * Throws where a first dimension is not divisible by `parts`.
 */
export function microBatches(batch: HostTensors, parts: number): HostTensors[] {
  if (parts === 1) return [batch];
  return Array.from({ length: parts }, (_, i) =>
    Object.fromEntries(
      Object.entries(batch).map(([path, tensor]) => [path, partOf(path, tensor, i, parts)] as const),
    ),
  );
}

function partOf(path: string, tensor: HostTensor, i: number, parts: number): HostTensor {
  const [first = 0, ...rest] = tensor.shape;
  if (first % parts !== 0) {
    throw new Error(`internal: "${path}" [${tensor.shape}] cannot be cut into ${parts} equal parts`);
  }
  const shape = [first / parts, ...rest];
  const size = shape.reduce((a, b) => a * b, 1);
  const [from, to] = [i * size, (i + 1) * size];
  switch (tensor.dtype) {
    case "float32":
      return { dtype: tensor.dtype, shape, data: tensor.data.subarray(from, to) };
    case "float64":
      return { dtype: tensor.dtype, shape, data: tensor.data.subarray(from, to) };
    case "int32":
      return { dtype: tensor.dtype, shape, data: tensor.data.subarray(from, to) };
    case "uint32":
      return { dtype: tensor.dtype, shape, data: tensor.data.subarray(from, to) };
    case "bool":
      return { dtype: tensor.dtype, shape, data: tensor.data.subarray(from, to) };
  }
}
