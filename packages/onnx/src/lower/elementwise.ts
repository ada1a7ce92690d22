import { type Dtype, dtypeFacts, isFloat, type TensorDtype } from "../arrays/dtype.ts";
import { roundToHalf } from "../arrays/half.ts";
import type { Attribute, Graph, Tensor } from "../graph/graph.ts";
import { scalarValue } from "../graph/graph.ts";
import { align, literal, literalValue, type View, viewInOrder } from "../graph/view.ts";
import type { ResultType } from "./lowering.ts";

/** A number as the dtype stores it. */
export function roundTo(dtype: TensorDtype, value: number): number {
  switch (dtype) {
    case "float32":
      return Math.fround(value);
    case "float16":
      return roundToHalf(value);
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

/** The bounds of the integers that floats are cast to. */
const BOUNDS: Partial<Record<TensorDtype, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

/** A number converted as jax-js does: a float beyond the integers becomes the nearest of them, NaN becomes 0. */
export function convertTo(dtype: TensorDtype, value: number): number {
  const bounds = BOUNDS[dtype];
  if (bounds === undefined) return roundTo(dtype, value);
  return Number.isNaN(value) ? 0 : roundTo(dtype, Math.min(Math.max(value, bounds[0]), bounds[1]));
}

/** Where the runtime's own cast of floats is undefined: in float64, which has all of these integers. */
function saturated(g: Graph, tensor: Tensor, [least, most]: readonly [number, number]): Tensor {
  const { shape } = tensor;
  const type = { dtype: "float64", shape } as const;
  const wide = castTensor(g, tensor, "float64");
  const raised = g.emit("Max", [wide, g.scalar("float64", least)], type);
  const bounded = g.emit("Min", [raised, g.scalar("float64", most)], type);
  const isNaN = g.emit("IsNaN", [wide], { dtype: "bool", shape });
  return g.emit("Where", [isNaN, g.scalar("float64", 0), bounded], type);
}

export function castTensor(g: Graph, tensor: Tensor, dtype: TensorDtype): Tensor {
  if (tensor.dtype === dtype) return tensor;
  const { shape } = tensor;
  const value = scalarValue(tensor);
  const fromFloat = isFloat(tensor.dtype);
  if (value !== undefined)
    return g.constant(dtype, shape, [fromFloat ? convertTo(dtype, value) : roundTo(dtype, value)]);
  const bounds = fromFloat ? BOUNDS[dtype] : undefined;
  if (bounds !== undefined) {
    const { onnx } = dtypeFacts[dtype];
    return g.emit("Cast", [saturated(g, tensor, bounds)], { dtype, shape }, { to: onnx });
  }
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

/**
 * 0 in every place, where one factor of a product, or of a sum of products, is known to be 0: jax-js leaves the other
 * one out, so that infinity and NaN do not come through. Undefined where no factor is 0, or all are known.
 */
export function zeroProduct(g: Graph, views: readonly View[], result: ResultType): View | undefined {
  const values = views.map(literalValue);
  return values.includes(0) && values.includes(undefined)
    ? literal(g, result.dtype, 0, result.shape)
    : undefined;
}
