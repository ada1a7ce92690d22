import type { HostTensor, HostTensors } from "../engine/hostTensor.ts";

/** a − b, entry by entry, of the paths of a. */
export function difference(a: HostTensors, b: HostTensors): HostTensors {
  return mapTensors(a, (path, tensor) => {
    const other = b[path]?.data;
    return tensor.data.map((value, i) => value - (other?.[i] ?? 0));
  });
}

/** The mean of several sets of tensors. */
export function meanOf(sets: readonly HostTensors[]): HostTensors {
  const [first = {}, ...rest] = sets;
  if (rest.length === 0) return first;
  return mapTensors(first, (path, tensor) =>
    tensor.data.map(
      (value, i) => rest.reduce((sum, set) => sum + (set[path]?.data[i] ?? 0), value) / sets.length,
    ),
  );
}

/** Σx². */
export function squaredLength({ data }: Pick<HostTensor, "data">): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return sum;
}

function mapTensors(
  tensors: HostTensors,
  fn: (path: string, tensor: HostTensor & { readonly data: Float32Array }) => Float32Array,
): HostTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([path, { shape, data }]): [string, HostTensor] => {
      if (!(data instanceof Float32Array)) throw new Error(`internal: "${path}" is not float32`);
      return [path, { dtype: "float32", shape, data: fn(path, { dtype: "float32", shape, data }) }];
    }),
  );
}
