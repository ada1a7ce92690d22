import type { HostTensors } from "@steepest/models";

export type { HostTensor, HostTensors, TensorType } from "@steepest/models";

/** The first path with a number that is not finite. */
export function firstNonFinite(tensors: HostTensors): string | undefined {
  return Object.keys(tensors).find((path) => {
    const tensor = tensors[path];
    if (tensor === undefined || (tensor.dtype !== "float32" && tensor.dtype !== "float64")) return false;
    return !tensor.data.every((value) => Number.isFinite(value));
  });
}
