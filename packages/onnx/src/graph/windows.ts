import type { Graph, Tensor } from "./graph.ts";
import { reshapeTensor } from "./layout.ts";
import { dim, sizeOf } from "./shape.ts";

/**
 * The maximum or the sum over two-dimensional windows that do not overlap: a tensor [.., o, k, p, l] over the
 * dimensions of size k and l, which is how pooling leaves it. The runtime's general reduction takes four times
 * as long as `MaxPool` or `AveragePool`. The images are given to these as a batch of single channels: with more
 * channels the runtime would change their layout before and after.
 *
 * Undefined for anything else.
 */
export function reduceWindows(
  g: Graph,
  op: string,
  tensor: Tensor,
  axes: readonly number[],
): Tensor | undefined {
  const rank = tensor.shape.length;
  const [a, b] = axes.toSorted((x, y) => x - y);
  if (tensor.dtype !== "float32" || axes.length !== 2 || a !== rank - 3 || b !== rank - 1 || rank < 4)
    return undefined;
  const [o, k, p, l] = tensor.shape.slice(-4) as [number, number, number, number];
  const lead = tensor.shape.slice(0, -4);
  const shape = [...lead, o, p];
  const images = sizeOf(lead);
  const type = { dtype: "float32" as const };
  if (op === "ReduceMax") {
    const image = reshapeTensor(g, tensor, [images, 1, o * k, p * l]);
    const window = { kernel_shape: [k, l], strides: [k, l] };
    return reshapeTensor(g, g.emit("MaxPool", [image], { ...type, shape: [images, 1, o, p] }, window), shape);
  }
  // A mean times the number of its terms is the sum to the last bit only where that is a power of two.
  const terms = k * l;
  if (op !== "ReduceSum" || !Number.isInteger(Math.log2(terms))) return undefined;
  const image = reshapeTensor(g, tensor, [images, 1, o * k, p * l]);
  const pooled = { ...type, shape: [images, 1, o, p] };
  const means = g.emit("AveragePool", [image], pooled, { kernel_shape: [k, l], strides: [k, l] });
  return reshapeTensor(g, g.emit("Mul", [means, g.scalar("float32", terms)], pooled), shape);
}

/** The transpose in shape: every element of [.., o, p] repeated over its window, [.., o, k, p, l]. */
export function repeatOverWindows(g: Graph, tensor: Tensor, k: number, l: number): Tensor {
  const [o, p] = [dim(tensor.shape, -2), dim(tensor.shape, -1)];
  const lead = tensor.shape.slice(0, -2);
  const image = reshapeTensor(g, tensor, [sizeOf(lead), 1, o, p]);
  const scales = g.constant("float32", [4], [1, 1, k, l]);
  const none = g.constant("float32", [0], []);
  const repeated = g.emit(
    "Resize",
    [image, none, scales],
    { dtype: "float32", shape: [sizeOf(lead), 1, o * k, p * l] },
    { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" },
  );
  return reshapeTensor(g, repeated, [...lead, o, k, p, l]);
}
