import type { numpy as np } from "@jax-js/jax";
import { mapLeaves, type Tree } from "steepest";

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

/** The sum of the gradients of two parts. Consumes both. */
export const addGradients = (a: Tree, b: Tree): Tree =>
  mapLeaves((x, y) => (x as np.Array).add(y as np.Array), a, b);

/** The gradients of a batch from the sum over its parts. Consumes the sum. */
export const averageGradients = (sum: Tree, parts: number): Tree =>
  mapLeaves((leaf: np.Array) => leaf.mul(1 / parts), sum);

/** The loss of a batch from that of its parts, which are of equal size. */
export async function averageLoss(
  parts: readonly HostTensors[],
  lossOf: (part: HostTensors) => Promise<number>,
): Promise<number> {
  let loss = 0;
  for (const part of parts) loss += (await lossOf(part)) / parts.length;
  return loss;
}
