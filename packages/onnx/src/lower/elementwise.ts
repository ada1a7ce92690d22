import { type Dtype, dtypeFacts, type TensorDtype } from "../arrays/dtype.ts";
import type { Attribute, Graph, Tensor } from "../graph/graph.ts";
import { scalarValue } from "../graph/graph.ts";
import { align, literal, literalValue, type View, viewInOrder } from "../graph/view.ts";
import type { ResultType } from "./lowering.ts";

/** A number as the dtype stores it. */
export function roundTo(dtype: TensorDtype, value: number): number {
  switch (dtype) {
    case "float32":
      return Math.fround(value);
    case "int32":
      return Math.trunc(value) | 0;
    case "uint32":
      return Math.trunc(value) >>> 0;
    case "bool":
      return value !== 0 ? 1 : 0;
    case "int64":
      return Math.trunc(value);
    default:
      return value;
  }
}

export function castTensor(g: Graph, tensor: Tensor, dtype: TensorDtype): Tensor {
  if (tensor.dtype === dtype) return tensor;
  const value = scalarValue(tensor);
  if (value !== undefined) return g.constant(dtype, tensor.shape, [roundTo(dtype, value)]);
  return g.emit("Cast", [tensor], { dtype, shape: tensor.shape }, { to: dtypeFacts[dtype].onnx });
}

/** A view of the values converted to another dtype. */
export function castView(g: Graph, view: View, dtype: Dtype): View {
  return view.dtype === dtype ? view : { ...view, dtype, tensor: castTensor(g, view.tensor, dtype) };
}

/** How a kernel is called: its operator, attributes, and the dtype it computes in where that differs. */
export interface Kernel {
  readonly op: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Operands are cast to this first and the result is cast back. */
  readonly through?: TensorDtype | undefined;
}

/** One elementwise operator over views of broadcastable shapes. */
export function elementwise(g: Graph, kernel: Kernel, views: readonly View[], result: ResultType): View {
  const { tensors, order, tensorShape } = align(g, views, result.shape);
  const { through } = kernel;
  const operands = through === undefined ? tensors : tensors.map((t) => castTensor(g, t, through));
  const dtype = through !== undefined && result.dtype !== "bool" ? through : result.dtype;
  const computed = g.emit(kernel.op, operands, { dtype, shape: tensorShape }, kernel.attributes);
  return viewInOrder(g, castTensor(g, computed, result.dtype), result.dtype, result.shape, order);
}

/** Operands cast to the dtype of the result, as jax-js promotes them. */
export function promoted(g: Graph, views: readonly View[], result: ResultType): View[] {
  return views.map((view) => castView(g, view, result.dtype));
}

/** The result when every operand is a known number, else undefined. */
export function fold(
  g: Graph,
  views: readonly View[],
  result: ResultType,
  compute: (...values: number[]) => number,
): View | undefined {
  const values = views.map(literalValue);
  const known = values.filter((v) => v !== undefined);
  if (known.length < values.length) return undefined;
  return literal(g, result.dtype, roundTo(result.dtype, compute(...known)), result.shape);
}
