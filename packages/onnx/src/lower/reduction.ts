import type { Dtype, TensorDtype } from "../arrays/dtype.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { reshapeTensor, sliceTensor } from "../graph/layout.ts";
import { dim, range, sizeOf } from "../graph/shape.ts";
import { expandDims, literal, tensorOrder, type View, viewInOrder } from "../graph/view.ts";
import { reduceWindows } from "../graph/windows.ts";
import { castTensor, castView, elementwise } from "./elementwise.ts";
import { type Lowering, operand, type ResultType, resultType } from "./lowering.ts";

type Reducer = "Add" | "Mul" | "Min" | "Max";

const OPERATORS: Record<Reducer, string> = {
  Add: "ReduceSum",
  Mul: "ReduceProd",
  Min: "ReduceMin",
  Max: "ReduceMax",
};

const LARGEST: Partial<Record<Dtype, number>> = { int32: 2 ** 31 - 1, uint32: 2 ** 32 - 1, bool: 1 };
const SMALLEST: Partial<Record<Dtype, number>> = { int32: -(2 ** 31), uint32: 0, bool: 0 };

/** What reducing no elements gives. */
export const EMPTY: Record<Reducer, (dtype: Dtype) => number> = {
  Add: () => 0,
  Mul: () => 1,
  Min: (dtype) => LARGEST[dtype] ?? Number.POSITIVE_INFINITY,
  Max: (dtype) => SMALLEST[dtype] ?? Number.NEGATIVE_INFINITY,
};

/** From this many terms on, a sum is done in two stages: the runtime adds one after the other in float32. */
const TWO_STAGES = 2048;

/** A divisor of n near its square root, or 1 if the nearest is further than a factor of 8 away. */
function nearSquareRoot(n: number): number {
  const root = Math.floor(Math.sqrt(n));
  for (let candidate = root; candidate >= root / 8; candidate--) if (n % candidate === 0) return candidate;
  return 1;
}

/** Sum over the given dimensions of a tensor; they are gone afterwards. */
export function sumTensor(g: Graph, tensor: Tensor, axes: readonly number[]): Tensor {
  const terms = sizeOf(axes.map((a) => dim(tensor.shape, a)));
  const exact = tensor.dtype !== "float32" && tensor.dtype !== "float64";
  if (terms < TWO_STAGES || exact) return reduceTensor(g, "ReduceSum", tensor, axes);
  const longest = axes.reduce((a, b) => (dim(tensor.shape, b) > dim(tensor.shape, a) ? b : a));
  const others = axes.filter((a) => a !== longest);
  if (others.length > 0) {
    const left = longest - others.filter((a) => a < longest).length;
    return sumTensor(g, sumTensor(g, tensor, others), [left]);
  }
  const length = dim(tensor.shape, longest);
  const outer = nearSquareRoot(length); // 1 for a large prime: one stage must do
  const shape = tensor.shape.flatMap((n, a) => (a === longest && outer > 1 ? [outer, n / outer] : [n]));
  const rows = reshapeTensor(g, tensor, shape);
  const partial = outer === 1 ? rows : reduceTensor(g, "ReduceSum", rows, [longest + 1]);
  return reduceTensor(g, "ReduceSum", partial, [longest]);
}

/** Pairwise products, because ReduceProd saturates where integers must wrap around. int64 in and out. */
function productByHalves(g: Graph, tensor: Tensor, axes: readonly number[]): Tensor {
  const last = axes.reduce((a, b) => Math.max(a, b), -1);
  if (last === -1) return tensor;
  let x = tensor;
  while (dim(x.shape, last) > 1) {
    const n = dim(x.shape, last);
    const half = n >> 1;
    const part = (begin: number, end: number): Tensor => sliceTensor(g, x, [{ axis: last, begin, end }]);
    const [low, high, rest] = [part(0, half), part(half, 2 * half), part(2 * half, n)];
    const product = g.emit("Mul", [low, high], { dtype: "int64", shape: low.shape });
    const wrapped = castTensor(g, castTensor(g, product, "uint32"), "int64");
    const joined = { dtype: "int64" as const, shape: x.shape.with(last, half + 1) };
    x = n % 2 === 0 ? wrapped : g.emit("Concat", [wrapped, rest], joined, { axis: last });
  }
  const flat = reshapeTensor(
    g,
    x,
    x.shape.filter((_, a) => a !== last),
  );
  return productByHalves(
    g,
    flat,
    axes.filter((a) => a !== last),
  );
}

/** One reduction operator; the given dimensions are gone afterwards. */
export function reduceTensor(g: Graph, op: string, tensor: Tensor, axes: readonly number[]): Tensor {
  if (axes.length === 0) return tensor;
  const windows = reduceWindows(g, op, tensor, axes);
  if (windows !== undefined) return windows;
  const shape = tensor.shape.filter((_, a) => !axes.includes(a));
  const sorted = g.int64(axes.toSorted((a, b) => a - b));
  return g.emit(op, [tensor, sorted], { dtype: tensor.dtype, shape }, { keepdims: 0 });
}

function throughOf(op: Reducer, dtype: Dtype): TensorDtype | undefined {
  // ReduceMax and ReduceMin of ONNX Runtime 1.30 compare only the low 32 bits of int64.
  if (dtype === "uint32") return op === "Min" || op === "Max" ? "float64" : "int64";
  // ReduceSum and ReduceProd saturate where int32 wraps around.
  if (dtype === "int32" && (op === "Add" || op === "Mul")) return "int64";
  if (dtype === "bool") return "int32";
  if (dtype === "float16") return "float32";
  return undefined;
}

/** Reduction over dimensions of a view; repeated dimensions of a sum are a factor, of an extreme nothing. */
export function reduceView(
  g: Graph,
  op: Reducer,
  view: View,
  dims: readonly number[],
  result: ResultType,
): View {
  const x = op === "Mul" ? expandDims(g, view, dims) : view;
  const through = throughOf(op, x.dtype);
  const tensor = through ? castTensor(g, x.tensor, through) : x.tensor;
  const axes = dims.flatMap((d) => x.axes[d] ?? []);
  // bool: "or" is the largest and "and" the smallest of 0 and 1
  const name = x.dtype === "bool" ? { Add: "Max", Mul: "Min", Min: "Min", Max: "Max" }[op] : op;
  const reduced =
    name === "Add"
      ? sumTensor(g, tensor, axes)
      : (x.dtype === "uint32" || x.dtype === "int32") && name === "Mul"
        ? productByHalves(g, tensor, axes)
        : reduceTensor(g, OPERATORS[name as Reducer], tensor, axes);
  const kept = range(x.shape.length).filter((d) => !dims.includes(d));
  const order = tensorOrder(x)
    .filter((d) => !dims.includes(d))
    .map((d) => kept.indexOf(d));
  const back = castTensor(g, reduced, x.dtype);
  const plain = castView(g, viewInOrder(g, back, x.dtype, result.shape, order), result.dtype);
  const repeats = sizeOf(dims.filter((d) => x.axes[d] === null).map((d) => dim(x.shape, d)));
  if (op !== "Add" || repeats === 1 || x.dtype === "bool") return plain;
  const factor = literal(g, result.dtype, repeats, result.shape);
  const whole = result.dtype === "uint32" || result.dtype === "int32";
  const kernel = { op: "Mul", through: whole ? ("int64" as const) : undefined };
  return elementwise(g, kernel, [plain, factor], result);
}

const reduce: Lowering<"reduce"> = (site) => {
  const { op, axis } = site.params;
  const x = operand(site, 0);
  if (axis.length === 0) return [x];
  return [reduceView(site.g, op, x, axis, resultType(site))];
};

export const reduction = { reduce };
